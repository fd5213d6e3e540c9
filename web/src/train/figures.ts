import { element } from "../dom.js";
import { percent } from "../percent.js";
import type { EpochReport, Progress } from "./protocol.js";
import type { TrainerState } from "./trainer.js";

const STATES: Readonly<Record<TrainerState, string>> = {
  idle: "Nothing trained yet.",
  running: "Training…",
  paused: "Paused.",
  ended: "Trained.",
  failed: "Training has failed.",
};

const GUESS = 0.2; // one in ten is right by chance

/** The numbers of a training, below its curves. */
export class Figures {
  readonly node: HTMLElement;
  readonly #status = element("p", { role: "status" });
  readonly #epoch = output("epoch");
  readonly #loss = output("loss");
  readonly #accuracy = output("accuracy");
  readonly #testAccuracy = output("test-accuracy");
  readonly #speed = output("images-per-second");
  readonly #checksum = output("checksum");
  #state: TrainerState = "idle";
  #tested = ""; // what there is to say of the last epoch

  constructor() {
    this.node = element(
      "div",
      {},
      this.#status,
      element(
        "dl",
        { class: "train-figures" },
        ...entry("Epoch, step", this.#epoch),
        ...entry("Loss", this.#loss),
        ...entry("Accuracy", this.#accuracy),
        ...entry("On the test digits", this.#testAccuracy),
        ...entry("Images a second", this.#speed),
        ...entry("Checksum", this.#checksum),
      ),
      element("p", {
        class: "muted",
        text: "The checksum is the SHA-256 of all weights. The same settings give the same one here, in another browser and in Node: not a bit is left to chance.",
      }),
    );
    this.clear();
  }

  clear(): void {
    for (const figure of [
      this.#epoch,
      this.#loss,
      this.#accuracy,
      this.#testAccuracy,
      this.#speed,
      this.#checksum,
    ]) {
      figure.textContent = "–";
    }
    this.#tested = "";
    this.#showStatus();
  }

  showState(state: TrainerState): void {
    this.#state = state;
    this.#showStatus();
  }

  #showStatus(): void {
    this.#status.textContent = `${STATES[this.#state]} ${this.#tested}`.trim();
  }

  showProgress({ epoch, step, loss, accuracy, imagesPerSecond }: Progress): void {
    this.#epoch.textContent = `${epoch}, ${step}`;
    this.#loss.textContent = loss.toFixed(3);
    this.#accuracy.textContent = percent(accuracy, 1);
    this.#speed.textContent = Math.round(imagesPerSecond).toLocaleString("en");
  }

  showEpoch({ epoch, testLoss, testAccuracy }: EpochReport, epochs: number): void {
    this.#testAccuracy.textContent = `${percent(testAccuracy, 1)}, loss ${testLoss.toFixed(3)}`;
    this.#tested = `After epoch ${epoch} of ${epochs}, ${percent(testAccuracy, 1)} of the test digits are read right.`;
    if (testAccuracy < GUESS) this.#tested += " That is no better than a guess: try a smaller learning rate.";
    this.#showStatus();
  }

  showChecksum(checksum: string): void {
    this.#checksum.textContent = checksum;
  }
}

function output(name: string): HTMLElement {
  return element("dd", { "data-testid": name });
}

function entry(name: string, figure: HTMLElement): readonly HTMLElement[] {
  return [element("dt", { text: name }), figure];
}
