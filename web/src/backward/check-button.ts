import { askWorker } from "../ask-worker.js";
import { element } from "../dom.js";
import type { Playground } from "../playground.js";
import type { CheckRow, CheckTask } from "./layer-check.js";

/** More than this is no rounding: the gradient is wrong. */
const TOLERANCE = 1e-3;

/** A button that checks the gradient of a layer, and the result below it. */
export function createCheckButton(playground: Playground, layer: number): HTMLElement {
  const button = element("button", { type: "button", text: "Check" });
  button.setAttribute("aria-label", `Check the gradient of layer ${layer + 1}`);
  const result = element("div", { class: "check", role: "status", "data-testid": `check-${layer}` });
  button.addEventListener("click", async () => {
    button.disabled = true;
    button.closest(".layer")?.classList.add("checked");
    result.textContent = "Moving each number a little, and looking at what happens…";
    result.replaceChildren(await describeCheck(taskOf(playground, layer)));
    button.disabled = false;
  });
  return element("div", { class: "check-action" }, button, result);
}

function taskOf({ model, outputs, pixels }: Playground, layer: number): CheckTask {
  const before = outputs[layer - 1];
  const { name, ...config } = model.config().layers[layer]!;
  const { parameters, state = [] } = model.layers[layer]!;
  return {
    layer: { ...config, type: config.type },
    inputShape: before?.shape ?? model.inputShape,
    input: before?.data ?? Float32Array.from(pixels),
    weights: [...parameters, ...state].map(({ value }) => ({ shape: value.shape, data: value.data.slice() })),
  };
}

/** The table of a check, made by a worker. */
async function describeCheck(task: CheckTask): Promise<Node> {
  const start = (): Worker => new Worker(new URL("./check-worker.ts", import.meta.url), { type: "module" });
  const answer = await askWorker<{ readonly rows: readonly CheckRow[] }>(start, task);
  if ("problem" in answer)
    return element("p", { role: "alert", text: `The check failed: ${answer.problem}` });
  return createTable(answer.rows);
}

function createTable(rows: readonly CheckRow[]): HTMLElement {
  const skipped = rows.reduce((sum, row) => sum + row.skipped, 0);
  const worst = Math.max(...rows.map(({ error }) => error));
  const verdict =
    worst < TOLERANCE
      ? `They agree: the largest error is ${worst.toExponential(1)}.`
      : `They differ by ${worst.toExponential(1)}.`;
  const head = element(
    "tr",
    {},
    ...["gradient of", "analytic", "numeric", "error"].map((text) => element("th", { text, scope: "col" })),
  );
  const body = rows.map(({ name, analytic, numeric, error }) =>
    element(
      "tr",
      {},
      ...[name, analytic.toPrecision(5), numeric.toPrecision(5), error.toExponential(1)].map((text) =>
        element("td", { text }),
      ),
    ),
  );
  const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  return element(
    "div",
    {},
    element("p", {
      text: `${verdict}${skipped > 0 ? ` Left out, at a kink: ${skipped}.` : ""}`,
    }),
    element("div", { class: "scroll" }, table),
  );
}
