import type { ConfusionMatrix } from "../../model/metrics.js";
import { formatCount, formatPercent } from "../numbers.js";
import type { Repeats, RunFigures } from "../run-metrics.js";
import { type Fact, formatTime } from "./facts.js";
import { Html, type HtmlValue, html } from "./html.js";
import type { DrawnPicture } from "./picture.js";

/** A part of the page with a heading. */
export function section(title: string, ...content: readonly HtmlValue[]): Html {
  return html`<section>
<h2>${title}</h2>
${content}</section>
`;
}

/** A paragraph about what follows. */
export function paragraph(text: string): Html {
  return html`<p>${text}</p>
`;
}

/** A picture with its title, and a line about it. */
export function figure({ title, pageSvg }: DrawnPicture, caption?: string): Html {
  return html`<figure>
<h3>${title}</h3>
${new Html(pageSvg)}
${caption && html`<figcaption>${caption}</figcaption>`}
</figure>
`;
}

/** Pictures beside each other, as far as there is room. */
export function sideBySide(...figures: readonly HtmlValue[]): Html {
  return html`<div class="pictures">
${figures}</div>
`;
}

/** A text of lines as they are, which scrolls in its own box where they are too long. */
export function lines(label: string, text: string): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><pre>${text}</pre></div>
`;
}

/** Names and what stands beside them. */
export function factList(kind: "facts" | "figures", facts: readonly Fact[]): Html {
  const items = facts.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  );
  return html`<dl class="${kind}">
${items}</dl>
`;
}

/** For each class, the images there are of it, and the precision, recall and F1 score. */
export function classTable({ support, precision, recall, f1 }: ConfusionMatrix): Html {
  const share = (value: number): string => (Number.isNaN(value) ? "–" : formatPercent(value));
  return table(
    "Precision, recall and F1 by class",
    ["digit", ...support.map((_, k) => String(k))],
    [
      ["images", ...support.map(formatCount)],
      ["precision", ...precision.map(share)],
      ["recall", ...recall.map(share)],
      ["F1", ...f1.map(share)],
    ],
  );
}

/** The runs that differ by their seeds, and their mean. */
export function repeatTable({ runs, ...means }: Repeats & { readonly runs: readonly RunFigures[] }): Html {
  const rows = runs.map((run) => [
    String(run.seed),
    formatPercent(run.testAccuracy),
    run.testLoss.toFixed(4),
    formatPercent(run.testCalibrationError),
    formatTime(run.seconds),
  ]);
  const { meanTestAccuracy: mean, testAccuracyDeviation: deviation } = means;
  return html`${paragraph(`Mean accuracy ${formatPercent(mean)}, standard deviation ${formatPercent(deviation)}. All else on this page is of the first seed.`)}${table(
    "Runs by seed",
    ["seed", "accuracy", "loss", "calibration error", "training time"],
    rows,
  )}`;
}

/** A table whose first column names the rows. It scrolls in its own box where it is too wide. */
function table(label: string, head: readonly string[], rows: readonly (readonly string[])[]): Html {
  const headings = head.map((name) => html`<th scope="col">${name}</th>`);
  const lines = rows.map(
    ([
      name = "",
      ...cells
    ]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  );
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${headings}</tr></thead>
<tbody>
${lines}</tbody>
</table></div>
`;
}
