import { element } from "../dom.js";
import { NETWORKS, type Network, OPTIMIZERS, type OptimizerName, type Settings } from "./protocol.js";

/** What the form says; "page" is the model that the page has. */
export interface Choice extends Omit<Settings, "model"> {
  readonly network: Network | "page";
}

const NETWORK_TEXTS: Readonly<Record<Network | "page", string>> = {
  lenet: "lenet: two convolutions, quick",
  small: "small: one convolution of 4 filters",
  compact: "compact: four convolutions, the best",
  reference: "reference: two convolutions, many weights, slow",
  page: "the network on this page, to train it further",
};

const OPTIMIZER_TEXTS: Readonly<Record<OptimizerName, string>> = {
  adam: "Adam: a step size for each weight",
  adamw: "AdamW: Adam that also shrinks the weights",
  sgd: "SGD: straight down the slope",
};

/** A rate that works for each optimizer, for who has not chosen one. */
const LEARNING_RATES: Readonly<Record<OptimizerName, number>> = { adam: 0.002, adamw: 0.002, sgd: 0.1 };

/** The form of a training's settings. Its buttons are the caller's to put in. */
export class SettingsForm {
  readonly node: HTMLFormElement;
  readonly #network = select("network", [...NETWORKS, "page"] as const, NETWORK_TEXTS);
  readonly #optimizer = select("optimizer", OPTIMIZERS, OPTIMIZER_TEXTS);
  readonly #learningRate = number("learning-rate", { value: 0.002, min: 0, max: 10, step: "any" });
  readonly #batchSize = number("batch-size", { value: 50, min: 1, max: 500, step: 1 });
  readonly #epochs = number("epochs", { value: 3, min: 1, max: 50, step: 1 });
  readonly #seed = number("seed", { value: 1, min: 0, max: 4294967295, step: 1 });

  constructor(onSubmit: () => void) {
    this.node = element(
      "form",
      { class: "train-form", "aria-label": "Settings of the training" },
      field("Network", this.#network, "The chain of layers. A new one begins with random weights."),
      field("Optimizer", this.#optimizer, "The rule by which a step changes the weights."),
      field("Learning rate", this.#learningRate, "How far a step goes. Too far, and it overshoots."),
      field("Batch size", this.#batchSize, "Digits looked at before each step."),
      field("Epochs", this.#epochs, "How often training goes through all digits."),
      field("Seed", this.#seed, "Begins the random numbers: the same seed, the same weights."),
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault(); // the browser has checked the fields
      onSubmit();
    });
    let usual: number = LEARNING_RATES.adam;
    this.#optimizer.addEventListener("change", () => {
      const isOwn = this.#learningRate.valueAsNumber !== usual;
      usual = LEARNING_RATES[this.#chosenOptimizer];
      if (!isOwn) this.#learningRate.value = String(usual);
    });
  }

  get choice(): Choice {
    return {
      network: [...NETWORKS, "page" as const].find((name) => name === this.#network.value) ?? "lenet",
      optimizer: this.#chosenOptimizer,
      learningRate: this.#learningRate.valueAsNumber,
      batchSize: this.#batchSize.valueAsNumber,
      epochs: this.#epochs.valueAsNumber,
      seed: this.#seed.valueAsNumber,
    };
  }

  get #chosenOptimizer(): OptimizerName {
    return OPTIMIZERS.find((name) => name === this.#optimizer.value) ?? "adam";
  }

  /** While a training runs, its settings stay as they are. */
  set disabled(disabled: boolean) {
    for (const input of [
      this.#network,
      this.#optimizer,
      this.#learningRate,
      this.#batchSize,
      this.#epochs,
      this.#seed,
    ]) {
      input.disabled = disabled;
    }
  }
}

function select<Name extends string>(
  id: string,
  names: readonly Name[],
  texts: Readonly<Record<Name, string>>,
): HTMLSelectElement {
  const options = names.map((name) => element("option", { value: name, text: texts[name] }));
  return element("select", { id: `train-${id}` }, ...options);
}

function number(
  id: string,
  attributes: {
    readonly value: number;
    readonly min: number;
    readonly max: number;
    readonly step: number | "any";
  },
): HTMLInputElement {
  return element("input", { id: `train-${id}`, type: "number", required: true, ...attributes });
}

/** A control with its label above and a line that explains it below. */
function field(name: string, control: HTMLElement, hint: string): HTMLElement {
  const hintId = `${control.id}-hint`;
  control.setAttribute("aria-describedby", hintId);
  return element(
    "div",
    { class: "train-field" },
    element("label", { for: control.id, text: name }),
    control,
    element("small", { id: hintId, class: "muted", text: hint }),
  );
}
