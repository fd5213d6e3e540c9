import { element } from "../dom.js";

/** The confusion matrix as a table: a row for each digit, a column for what it was taken for. */
export function confusionTable(counts: readonly (readonly number[])[]): HTMLTableElement {
  const head = element(
    "tr",
    {},
    element("td", {}),
    ...counts.map((_, digit) => element("th", { scope: "col", text: digit })),
  );
  const rows = counts.map((row, digit) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", text: digit }),
      ...row.map((count, got) => cell(count, { digit, got, of: row.reduce((sum, n) => sum + n, 0) })),
    ),
  );
  return element(
    "table",
    { class: "train-confusion" },
    element("caption", { class: "muted", text: "Row: the digit. Column: what the network took it for." }),
    element("thead", {}, head),
    element("tbody", {}, ...rows),
  );
}

function cell(
  count: number,
  { digit, got, of }: { readonly digit: number; readonly got: number; readonly of: number },
): HTMLTableCellElement {
  const isRight = digit === got;
  const node = element("td", {
    class: isRight ? "train-right" : "train-wrong",
    text: count === 0 ? "·" : count,
    title: isRight
      ? `${count} of ${of} digits ${digit} read right`
      : `${count} of ${of} digits ${digit} read as ${got}`,
  });
  // one mistake in twenty of a digit is much already
  const share = isRight ? count / of : Math.min(1, (20 * count) / of);
  node.style.setProperty("--share", `${(count === 0 ? 0 : 8 + 32 * share).toFixed(0)}%`);
  return node;
}
