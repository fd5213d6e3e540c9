import { element } from "../dom.js";
import type { ChannelSum, ConvolutionExplanation } from "./explanation.js";
import { formatNumber, formatOperand } from "./format-number.js";
import { renderGrid } from "./grid-view.js";
import { largestSize, tint } from "./result-view.js";

/** Which channel of the input has its taps shown; kept while the page is drawn anew. */
export interface ChannelChoice {
  channel: number | undefined;
}

/** The sum of a convolution: a row for each channel of its input, and the taps of the one that is chosen. */
export function renderConvolution(
  { channels, kernelWidth }: ConvolutionExplanation,
  choice: ChannelChoice,
): readonly Node[] {
  const chosen = channels.find(({ channel }) => channel === choice.channel) ?? channels[0]!;
  const taps = element("div", {}, renderTaps(chosen, kernelWidth, channels.length));
  if (channels.length === 1) return [taps];

  const largest = largestSize(channels.map(({ sum }) => sum));
  const buttons = channels.map((entry) => {
    const { channel, sum } = entry;
    const button = element(
      "button",
      { type: "button", "aria-pressed": String(entry === chosen) },
      element("span", { text: `channel ${channel + 1}` }),
      element("span", { text: formatNumber(sum) }),
    );
    tint(button, sum, largest);
    button.addEventListener("click", () => {
      choice.channel = channel;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      taps.replaceChildren(renderTaps(entry, kernelWidth, channels.length));
    });
    return button;
  });
  return [
    element("p", {
      text: `What each of the ${channels.length} channels of the layer before adds, the largest first. Choose one to see its products.`,
    }),
    element("div", { class: "look-channels", role: "group", "aria-label": "Channels" }, ...buttons),
    taps,
  ];
}

function renderTaps({ channel, sum, taps }: ChannelSum, width: number, channels: number): HTMLElement {
  const largest = largestSize(taps.map(({ product }) => product));
  const cells = taps.map(({ weight, value, product, inside }) => {
    const cell = element(
      "td",
      inside ? {} : { class: "outside" },
      element("span", { text: `${formatNumber(weight)} · ${inside ? formatOperand(value) : "edge"}` }),
      element("span", { text: `= ${formatNumber(product)}` }),
    );
    tint(cell, product, largest);
    return cell;
  });
  const of = channels > 1 ? ` in channel ${channel + 1}` : "";
  const caption = `Kernel times patch${of}: weight · value for each cell under the kernel, together ${formatNumber(sum)}`;
  return renderGrid(caption, cells, width);
}
