import type { Layer } from "../layers/layer.js";
import { formatShape, type Shape } from "../tensor/shape.js";
import { formatTable } from "./table.js";

/** What the summary needs to know of a layer. */
export interface SummaryRow {
  readonly layer: Layer;
  readonly name: string;
  readonly outputShape: Shape;
}

/** The table of a model: layer, output shape of one sample, parameters, multiply-adds of one sample; and totals. */
export function formatSummary(inputShape: Shape, rows: readonly SummaryRow[]): string {
  const number = (value: number): string => value.toLocaleString("en-US");
  const total = (of: (row: SummaryRow) => number): number => rows.reduce((sum, row) => sum + of(row), 0);

  const trained = ({ layer }: SummaryRow): number =>
    layer.trainable === false ? 0 : layer.parameters.reduce((sum, { value }) => sum + value.size, 0);
  const all = ({ layer }: SummaryRow): number =>
    [...layer.parameters, ...(layer.state ?? [])].reduce((sum, { value }) => sum + value.size, 0);
  const multiplyAdds = ({ layer }: SummaryRow): number => layer.multiplyAdds ?? 0;

  const table = formatTable(
    ["layer", "output", "parameters", "multiply-adds"],
    [
      ["input", formatShape(inputShape), "", ""],
      ...rows.map((row) => [
        `${row.name} (${row.layer.type})`,
        formatShape(row.outputShape),
        number(all(row)),
        number(multiplyAdds(row)),
      ]),
      ["total", "", number(total(all)), number(total(multiplyAdds))],
    ],
  );
  const fixed = total(all) - total(trained);
  return `${table}\n${number(total(trained))} parameters are trained, ${number(fixed)} are not.`;
}
