import { type GradientCheckOptions, gradientCheck, type Layer, type Tensor, zeroGrad } from "tinyconv";
import { formatTable } from "../src/model/table.js";

/** One thing that a check has looked at. */
export interface Finding {
  /** What was looked at: `gradients with strides of 2`. */
  readonly what: string;
  /** The rows of the table that are as they should be, and those that are not. */
  readonly right: readonly string[];
  readonly wrong: readonly string[];
  readonly table: string;
  /** A sentence for whoever looks for the mistake, which is shown if anything is wrong. */
  readonly advice: string;
}

/** A row of a table: its cells, the first of which is its name, and whether it is as it should be. */
export interface Row {
  readonly cells: readonly string[];
  readonly passed: boolean;
}

/** A finding from rows that the check has judged. */
export function tableFinding(
  { what, advice }: Pick<Finding, "what" | "advice">,
  heading: readonly string[],
  rows: readonly Row[],
): Finding {
  const names = (wanted: boolean) =>
    rows.filter(({ passed }) => passed === wanted).map(({ cells }) => cells[0] ?? "");
  const table = formatTable(
    heading,
    rows.map(({ cells }) => cells),
  );
  return { what, advice, table, right: names(true), wrong: names(false) };
}

/** The error of the gradient check that passes; right layers stay below 1e-4 on the inputs used here. */
export const TOLERANCE = 1e-3;

/** The public gradient check of a layer. */
export function gradientFinding(
  about: Pick<Finding, "what" | "advice">,
  layer: Parameters<typeof gradientCheck>[0],
  x: Tensor,
  options?: GradientCheckOptions,
): Finding {
  const report = gradientCheck(layer, x, options);
  const names = (wanted: boolean) =>
    report.rows.filter(({ error }) => error < TOLERANCE === wanted).map(({ name }) => name);
  return { ...about, table: report.toString(), right: names(true), wrong: names(false) };
}

/**
 * Two backward passes without `zeroGrad` in between, which the gradient check never does: they have to leave twice the
 * gradient of one. The table shows the element of each parameter that is furthest from that.
 */
export function repeatedBackwardFinding(
  about: Pick<Finding, "what" | "advice">,
  layer: Layer,
  dy: Tensor,
): Finding {
  const gradients = () => layer.parameters.map(({ grad }) => grad.data.slice());
  zeroGrad(layer.parameters);
  layer.backward(dy);
  const once = gradients();
  layer.backward(dy);
  const twice = gradients();
  const rows = layer.parameters.map(({ name }, p): Row => {
    const off = once[p]!.map((value, i) => Math.abs(twice[p]![i]! - 2 * value));
    const at = off.indexOf(Math.max(...off));
    const [one, two] = [once[p]![at] ?? Number.NaN, twice[p]![at] ?? Number.NaN];
    return {
      cells: [name, ...[one, two, 2 * one].map((value) => value.toPrecision(6)), String(at)],
      passed: Math.abs(two - 2 * one) <= 1e-5 * Math.abs(one),
    };
  });
  return tableFinding(about, ["gradient of", "after one", "after two", "expected", "at"], rows);
}
