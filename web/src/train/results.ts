import { loadDigits } from "../digits.js";
import { byId, element } from "../dom.js";
import type { Playground } from "../playground.js";
import { confusionTable } from "./confusion.js";
import { mistakeButtons } from "./mistakes.js";
import type { EpochReport } from "./protocol.js";

/** How the network does on the test digits: which it takes for which, and its worst mistakes. */
export class Results {
  readonly node = element("div", { class: "train-results", hidden: true });
  readonly #confusion = element("div", { class: "train-scroll" });
  readonly #mistakes = element("div");
  readonly #playground: Playground;

  constructor(playground: Playground) {
    this.#playground = playground;
    this.node.append(
      element(
        "div",
        { class: "card" },
        element("h3", { text: "Which digit is taken for which" }),
        this.#confusion,
      ),
      element("div", { class: "card" }, element("h3", { text: "The worst mistakes" }), this.#mistakes),
    );
  }

  clear(): void {
    this.node.hidden = true;
  }

  async show({ confusion, mistakes }: EpochReport): Promise<void> {
    const { test } = await loadDigits(); // which training has, so they are there
    this.#confusion.replaceChildren(confusionTable(confusion));
    this.#mistakes.replaceChildren(
      element("p", {
        class: "muted",
        text:
          mistakes.length === 0
            ? "None: all test digits were read right."
            : "Wrong, and most certain of it. Choose one to see what happens to it inside the network of this page.",
      }),
      mistakeButtons(mistakes, test, (pixels) => {
        this.#playground.setPixels(pixels);
        byId("draw").scrollIntoView();
      }),
    );
    this.node.hidden = false;
  }
}
