import type { ConfusionMatrix } from "../../model/metrics.js";
import { formatPercent } from "../numbers.js";
import type { Picture } from "./picture.js";

const WIDTH = 290;
const BAR = 15;

/**
 * How often the network goes wrong in each class, as bars: the share of the class's images that it missed, which is
 * 1 − recall, and the share of its answers of that class that were wrong, 1 − precision. The bars show what is
 * missing to 1, and not recall and precision themselves, since those of a good network are all of one length, unless
 * their axis starts somewhere near 1, and then a bar's length means nothing.
 */
export function classChart({ precision, recall }: ConfusionMatrix): Picture {
  // a class without images has no share; it keeps its place
  const bar = (k: number, kind: string, share: number) =>
    Number.isNaN(share)
      ? { class: k, kind, share: 0, text: "none" }
      : { class: k, kind, share: 1 - share, text: formatPercent(1 - share, 1) };
  const bars = recall.flatMap((share, k) => [bar(k, MISSED, share), bar(k, WRONG, precision[k]!)]);
  const worst = bars.reduce((a, b) => (b.share > a.share ? b : a));
  return {
    name: "classes",
    title: "Errors by class",
    label: `the most are ${worst.text} ${worst.kind}, of the digit ${worst.class}.`,
    chart: ({ ink, first, second }) => ({
      width: WIDTH,
      height: { step: BAR },
      data: { values: bars },
      encoding: {
        y: {
          field: "class",
          type: "ordinal",
          title: null,
          axis: { ticks: false, domain: false },
          scale: { paddingInner: 0.25, paddingOuter: 0.1 },
        },
        yOffset: { field: "kind", type: "nominal", sort: [MISSED, WRONG] },
        x: {
          field: "share",
          type: "quantitative",
          title: null,
          // room for the number beside the longest bar
          scale: { domain: [0, Math.max(1.2 * worst.share, 0.001)], nice: false },
          axis: { format: "~%", tickCount: 4, domain: false, ticks: false },
        },
      },
      layer: [
        {
          mark: { type: "bar", height: { band: 0.85 } },
          encoding: {
            color: {
              field: "kind",
              type: "nominal",
              scale: { domain: [MISSED, WRONG], range: [first, second] },
              legend: { direction: "vertical" },
            },
          },
        },
        {
          mark: { type: "text", align: "left", dx: 4, fontSize: 11, color: ink },
          encoding: { text: { field: "text", type: "nominal" } },
        },
      ],
    }),
  };
}

const MISSED = "missed (1 − recall)";
const WRONG = "false alarms (1 − precision)";
