import "./break.css";
import { askWorker, type Problem } from "../ask-worker.js";
import { loadDigits } from "../digits.js";
import { element } from "../dom.js";
import { messageOf } from "../message-of.js";
import { percent } from "../percent.js";
import { EXPERIMENTS, type Experiment } from "./experiments.js";
import { drawLosses } from "./loss-curves.js";
import type { Outcome } from "./run-setup.js";

/** The experiments, each with a button that runs it: what should be, and what is broken, side by side. */
export function mountBreak(root: HTMLElement): void {
  const explanation = element("p", {
    class: "muted",
    text: "Each of these mistakes is made in practice. The network is small and is trained here and now, once as it should be and once broken, with the same digits in the same order.",
  });
  root.replaceChildren(explanation, element("div", { class: "experiments" }, ...EXPERIMENTS.map(createCard)));
}

function createCard({ id, title, symptom, why }: Experiment): HTMLElement {
  const button = element("button", { type: "button", text: "Break it" });
  button.setAttribute("aria-label", `Break it: ${title}`);
  const result = element("div", { role: "status", "data-testid": `break-${id}` });
  button.addEventListener("click", async () => {
    button.disabled = true;
    result.textContent = "Training two networks…";
    result.replaceChildren(...(await run(id)));
    button.disabled = false;
  });
  return element(
    "article",
    { class: "card experiment" },
    element("h3", { text: title }),
    button,
    result,
    element("p", {}, element("strong", { text: "Symptom. " }), symptom),
    element("p", { class: "muted" }, element("strong", { text: "Why. " }), why),
  );
}

/** What a worker makes of an experiment. */
interface Answer {
  readonly right: Outcome;
  readonly broken: Outcome;
}

/** What the two trainings came to, made by a worker that ends with it. */
async function run(id: string): Promise<Node[]> {
  const answer = await ask(id);
  if ("problem" in answer)
    return [element("p", { role: "alert", text: `It could not be run: ${answer.problem}` })];
  const { right, broken } = answer;
  const figures = element(
    "p",
    { class: "figures" },
    "Right answers: ",
    element("span", { class: "key-right", text: `${percent(right.accuracy, 1)} as it should be` }),
    ", ",
    element("span", { class: "key-broken", text: `${percent(broken.accuracy, 1)} broken` }),
    ".",
  );
  return [drawLosses(right, broken), figures];
}

async function ask(id: string): Promise<Answer | Problem> {
  try {
    const { train, test } = await loadDigits();
    const start = (): Worker => new Worker(new URL("./break-worker.ts", import.meta.url), { type: "module" });
    return await askWorker<Answer>(start, { id, digits: { train, test } });
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
