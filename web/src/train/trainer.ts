import type { Digits } from "../digits.js";
import { messageOf } from "../message-of.js";
import type { Answer, Command, Settings } from "./protocol.js";

/** Where a training is. */
export type TrainerState = "idle" | "running" | "paused" | "ended" | "failed";

/** What a trainer needs of a worker. */
export interface TrainingWorker {
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(command: Command): void;
  terminate(): void;
}

/** What a trainer is made with. */
export interface TrainerOptions {
  readonly createWorker: () => TrainingWorker;
  readonly loadDigits: () => Promise<Digits>;
  /** Told of each answer of the worker, after the state has changed. */
  readonly onAnswer: (answer: Answer) => void;
  /** Told of each change of the state. */
  readonly onState: (state: TrainerState) => void;
}

/**
 * The page's side of a training: each gets a worker of its own, which is terminated with it, so that nothing of one
 * training is left in the next.
 */
export class Trainer {
  readonly #options: TrainerOptions;
  #worker: TrainingWorker | undefined;
  #state: TrainerState = "idle";

  constructor(options: TrainerOptions) {
    this.#options = options;
  }

  get state(): TrainerState {
    return this.#state;
  }

  /** Begins a training, in place of the one there was. */
  async start(settings: Settings): Promise<void> {
    this.#drop();
    this.#enter("running");
    let worker: TrainingWorker | undefined;
    try {
      worker = this.#open();
      const digits = await this.#options.loadDigits();
      if (this.#worker === worker) worker.postMessage({ type: "start", settings, digits });
    } catch (error) {
      if (this.#worker === worker) this.#fail(messageOf(error));
    }
  }

  /** A worker, which is listened to as long as no other takes its place. */
  #open(): TrainingWorker {
    const worker = this.#options.createWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (this.#worker === worker) this.#take(data);
    };
    worker.onerror = ({ message }) => {
      // a file that is missing or not allowed comes without a message
      if (this.#worker === worker)
        this.#fail(`The worker that trains failed: ${message || "its file cannot be loaded"}.`);
    };
    return worker;
  }

  /** Halts it after the step that is being done. */
  pause(): void {
    if (this.#state !== "running") return;
    this.#worker?.postMessage({ type: "pause" });
    this.#enter("paused");
  }

  /** Lets it go on. */
  resume(): void {
    if (this.#state !== "paused") return;
    this.#worker?.postMessage({ type: "resume" });
    this.#enter("running");
  }

  /** Ends it, and forgets it. */
  reset(): void {
    this.#drop();
    this.#enter("idle");
  }

  #take(answer: Answer): void {
    if (answer.type === "error") {
      this.#fail(answer.message);
      return;
    }
    if (answer.type === "weights" && answer.weights.when === "end") {
      this.#drop();
      this.#enter("ended");
    }
    this.#options.onAnswer(answer);
  }

  #fail(message: string): void {
    this.#drop();
    this.#enter("failed");
    this.#options.onAnswer({ type: "error", message });
  }

  #drop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #enter(state: TrainerState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
