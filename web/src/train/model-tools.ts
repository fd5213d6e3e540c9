import { loadModel, type Sequential } from "tinyconv";
import { element } from "../dom.js";
import { messageOf } from "../message-of.js";
import type { Playground } from "../playground.js";
import { readModelFile } from "./read-model-file.js";

/** What can be done with the trained model, and another way to come by one. */
export class ModelTools {
  readonly node: HTMLElement;
  readonly #playground: Playground;
  readonly #use = button("Use this model", () => this.#useTrained());
  readonly #safetensors = button("Download safetensors", () => this.#downloadSafetensors());
  readonly #onnx = button("Download ONNX", () => this.#downloadOnnx());
  readonly #said = element("p", { role: "status" });
  readonly #problem = element("p", { role: "alert" });
  #file: Uint8Array<ArrayBuffer> | undefined; // of the trained model

  constructor(playground: Playground) {
    this.#playground = playground;
    const input = element("input", {
      type: "file",
      accept: ".safetensors,.onnx",
      class: "hidden",
      id: "train-model-file",
    });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file) void this.#try(() => this.#load(file));
      input.value = ""; // so that the same file can be chosen again
    });
    this.node = element(
      "div",
      { class: "card train-model" },
      element("h3", { text: "The model" }),
      element("p", {
        class: "muted",
        text: "A trained model can take the place of the one that the other sections show, or be kept as a file: safetensors for tinyconv, ONNX for other programs.",
      }),
      element(
        "div",
        { class: "row" },
        this.#use,
        this.#safetensors,
        this.#onnx,
        input,
        element("label", { class: "button", for: input.id, text: "Load a model…" }),
      ),
      this.#said,
      this.#problem,
    );
    this.trained = undefined;
  }

  /** The file of the trained model, as soon as there is one. */
  set trained(file: Uint8Array<ArrayBuffer> | undefined) {
    this.#file = file;
    for (const tool of [this.#use, this.#safetensors, this.#onnx]) tool.disabled = file === undefined;
  }

  async #load(file: File): Promise<void> {
    const model = await readModelFile(file);
    this.#playground.setModel(model);
    this.#say(`${file.name} is now the model of this page: ${describe(model)}.`);
  }

  async #useTrained(): Promise<void> {
    await this.#try(async () => {
      const model = loadModel(this.#trainedFile());
      this.#playground.setModel(model);
      this.#say(`The trained model is now the model of this page: ${describe(model)}.`);
    });
  }

  async #downloadSafetensors(): Promise<void> {
    await this.#try(async () => download(this.#trainedFile(), "digits.safetensors"));
  }

  async #downloadOnnx(): Promise<void> {
    await this.#try(async () => {
      const { exportOnnx } = await import("tinyconv/onnx");
      download(new Uint8Array(exportOnnx(loadModel(this.#trainedFile()))), "digits.onnx");
    });
  }

  #trainedFile(): Uint8Array<ArrayBuffer> {
    if (!this.#file) throw new Error("ModelTools: expected a trained model, got none. Train one first.");
    return this.#file;
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }

  /** Does something, and shows its error if there is one. */
  async #try(action: () => Promise<void>): Promise<void> {
    this.#say("");
    this.#problem.textContent = "";
    try {
      await action();
    } catch (error) {
      this.#problem.textContent = messageOf(error);
    }
  }
}

function button(text: string, onClick: () => Promise<void>): HTMLButtonElement {
  const node = element("button", { type: "button", text });
  node.addEventListener("click", () => void onClick());
  return node;
}

/** Hands bytes to the person as a file; they come from the page itself. */
function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes]));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // by then it has been read
}

function describe({ layers, weights }: Sequential): string {
  const numbers = weights.reduce((sum, { value }) => sum + value.size, 0);
  return `${layers.length} layers, ${numbers.toLocaleString("en")} weights`;
}
