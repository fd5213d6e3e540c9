import { DIGIT_PIXELS } from "../digit-size.js";
import { type Digits, loadDigits } from "../digits.js";
import { element } from "../dom.js";
import { messageOf } from "../message-of.js";
import { paint } from "./answer.js";

const EASY = 10; // test digits in their order, shown beside the hardest
const HARD = 20;

/** A button that fetches test digits to pick: some as they come, and those that the network finds hardest. */
export function createSamples(onPick: (pixels: Uint8Array) => void): HTMLElement {
  const button = element("button", { type: "button", text: "Digits to pick" });
  const problem = element("p", { role: "alert" });
  const list = element("div", { class: "samples" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    problem.textContent = "";
    try {
      list.replaceChildren(...createPictures(await loadDigits(), onPick));
      button.remove();
    } catch (error) {
      problem.textContent = messageOf(error);
      button.disabled = false;
    }
  });
  return element("div", {}, button, problem, list);
}

function createPictures({ test, hard }: Digits, onPick: (pixels: Uint8Array) => void): Node[] {
  const picture = (n: number): Node => {
    const pixels = Uint8Array.from(test.images.data.subarray(n * DIGIT_PIXELS, (n + 1) * DIGIT_PIXELS));
    const canvas = element("canvas", { width: 28, height: 28 });
    paint(canvas, pixels);
    const button = element("button", { type: "button", title: `a ${test.labels[n]}` }, canvas);
    button.setAttribute("aria-label", `Test digit ${n + 1}, a ${test.labels[n]}`);
    button.addEventListener("click", () => onPick(pixels));
    return button;
  };
  const row = (title: string, places: readonly number[]): Node[] =>
    places.length === 0
      ? []
      : [element("h3", { text: title }), element("div", { class: "samples" }, ...places.map(picture))];
  return [
    ...row(
      "Some of the test digits",
      Array.from({ length: EASY }, (_, n) => n),
    ),
    ...row("The hardest of them", hard.slice(0, HARD)),
  ];
}
