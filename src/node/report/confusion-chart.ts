import type { ConfusionMatrix } from "../../model/metrics.js";
import { countOf } from "../numbers.js";
import type { Picture } from "./picture.js";

/** The side of a cell: a number of four digits fits. */
const CELL = 36;
/** The faintest shade of a mistake: one among many must still be seen. */
const LEAST_SHADE = 0.15;

/**
 * The confusion matrix as a heat map. Nearly all images lie on the diagonal, and on one scale with them no mistake
 * could be seen; so only the mistakes are shaded, by the square root of their number, and the diagonal has a
 * colour of its own.
 */
export function confusionChart({ counts }: ConfusionMatrix): Picture {
  const classes = counts.map((_, k) => k);
  const mistakes = counts.flatMap((row, actual) => row.filter((_, predicted) => predicted !== actual));
  const most = Math.max(...mistakes, 1);
  const cells = counts.flatMap((row, actual) =>
    row.map((count, predicted) => ({
      actual,
      predicted,
      text: count === 0 ? "" : String(count),
      isRight: actual === predicted,
      shade: actual === predicted ? 1 : count && LEAST_SHADE + (1 - LEAST_SHADE) * Math.sqrt(count / most),
    })),
  );
  return {
    name: "confusion",
    title: "Confusion matrix",
    label: `which digits were taken for which, ${countOf(
      mistakes.reduce((a, b) => a + b, 0),
      "mistake",
    )}.`,
    chart: ({ ink, line, rightArea, wrongArea }) => ({
      width: CELL * classes.length,
      height: CELL * classes.length,
      data: { values: cells },
      encoding: {
        x: { field: "predicted", type: "ordinal", axis: { orient: "top", title: "predicted", ...AXIS } },
        y: { field: "actual", type: "ordinal", axis: { title: "actual", ...AXIS, titleAngle: -90 } },
      },
      layer: [
        {
          mark: { type: "rect", stroke: line, strokeWidth: 1, strokeOpacity: 1 },
          encoding: {
            fill: {
              field: "isRight",
              type: "nominal",
              scale: { domain: [true, false], range: [rightArea, wrongArea] },
              legend: null,
            },
            fillOpacity: { field: "shade", type: "quantitative", scale: null, legend: null },
          },
        },
        {
          mark: { type: "text", color: ink, fontSize: 12 },
          encoding: { text: { field: "text", type: "nominal" } },
        },
      ],
    }),
  };
}

const AXIS = { labelAngle: 0, domain: false, ticks: false } as const;
