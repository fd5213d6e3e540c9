import "./train.css";
import { saveModel } from "tinyconv";
import { loadDigits } from "../digits.js";
import { element } from "../dom.js";
import type { Playground } from "../playground.js";
import { Course } from "./course.js";
import { Curves } from "./curves.js";
import { Figures } from "./figures.js";
import { SettingsForm } from "./form.js";
import { ModelTools } from "./model-tools.js";
import type { Answer, Settings } from "./protocol.js";
import { Results } from "./results.js";
import { Trainer, type TrainerState } from "./trainer.js";

/** A network trained on the spot, in a worker, with all there is to see of it. */
export function mountTrain(root: HTMLElement, playground: Playground): void {
  new TrainSection(root, playground);
}

class TrainSection {
  readonly #root: HTMLElement;
  readonly #playground: Playground;
  readonly #trainer = new Trainer({
    createWorker: () =>
      new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "training" }),
    loadDigits,
    onAnswer: (answer) => this.#take(answer),
    onState: (state) => this.#show(state),
  });
  readonly #form = new SettingsForm(() => this.#start());
  readonly #startButton = element("button", { type: "submit", class: "primary", text: "Start" });
  readonly #pauseButton = element("button", { type: "button", text: "Pause" });
  readonly #resetButton = element("button", { type: "button", text: "Reset" });
  readonly #problem = element("p", { role: "alert" });
  readonly #curves = new Curves();
  readonly #figures = new Figures();
  readonly #results: Results;
  readonly #tools: ModelTools;
  #epochs = 1;
  #course = new Course();

  constructor(root: HTMLElement, playground: Playground) {
    this.#root = root;
    this.#playground = playground;
    this.#results = new Results(playground);
    this.#tools = new ModelTools(playground);
    this.#pauseButton.addEventListener("click", () => {
      if (this.#trainer.state === "paused") this.#trainer.resume();
      else this.#trainer.pause();
    });
    this.#resetButton.addEventListener("click", () => this.#reset());
    this.#form.node.append(
      element("div", { class: "row" }, this.#startButton, this.#pauseButton, this.#resetButton),
      this.#problem,
    );
    root.replaceChildren(
      element("p", {
        class: "muted train-intro",
        text: "The network is shown 4,000 digits, again and again. After each batch of them, every weight moves a little in the direction that makes the loss smaller: the loss is how wrong the answers are, 0 at best. After each epoch it is tested on 1,000 digits that it never learns from.",
      }),
      element(
        "div",
        { class: "train" },
        element("div", { class: "card" }, this.#form.node),
        element("div", { class: "card" }, this.#curves.node, this.#figures.node),
      ),
      this.#results.node,
      this.#tools.node,
    );
    this.#show("idle");
  }

  #start(): void {
    const { network, ...rest } = this.#form.choice;
    const model = network === "page" ? saveModel(this.#playground.model) : network;
    const settings: Settings = { ...rest, model };
    this.#epochs = settings.epochs;
    this.#clear();
    void this.#trainer.start(settings);
  }

  #reset(): void {
    this.#trainer.reset();
    this.#clear();
  }

  #clear(): void {
    this.#problem.textContent = "";
    this.#course = new Course();
    this.#curves.show(this.#course, this.#epochs);
    this.#figures.clear();
    this.#results.clear();
    this.#tools.trained = undefined;
  }

  #take(answer: Answer): void {
    if (answer.type === "error") {
      this.#problem.textContent = answer.message;
    } else if (answer.type === "weights") {
      this.#tools.trained = answer.weights.file;
      this.#figures.showChecksum(answer.weights.checksum);
    } else if (answer.type === "progress") {
      this.#course.addProgress(answer.progress);
      this.#curves.show(this.#course, this.#epochs);
      this.#figures.showProgress(answer.progress);
    } else {
      this.#course.addEpoch(answer.report);
      this.#curves.show(this.#course, this.#epochs);
      this.#figures.showEpoch(answer.report, this.#epochs);
      void this.#results.show(answer.report);
    }
  }

  /** A button that was pressed and cannot be any more hands the focus to one that can. */
  #keepFocus(focused: Element | null): void {
    const buttons = [this.#startButton, this.#pauseButton, this.#resetButton];
    if (!buttons.some((button) => button === focused && button.disabled)) return;
    buttons.find((button) => !button.disabled)?.focus();
  }

  #show(state: TrainerState): void {
    const isOn = state === "running" || state === "paused";
    const focused = document.activeElement;
    this.#root.dataset.state = state;
    this.#form.disabled = isOn;
    this.#startButton.disabled = isOn;
    this.#pauseButton.disabled = !isOn;
    this.#pauseButton.textContent = state === "paused" ? "Go on" : "Pause";
    this.#resetButton.disabled = state === "idle";
    this.#figures.showState(state);
    this.#keepFocus(focused);
  }
}
