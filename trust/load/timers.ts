import { Adam, type Callback, type FitOptions, type Sequential } from "tinyconv";
import { type Act, CHANGES, ONLOOKERS, type Scene } from "./acts.js";
import { expectSameWeights } from "./bits.js";
import { type Marked, markedImages } from "./images.js";
import { LOADED, type LoadedName } from "./networks.js";

export interface TimersOptions {
  readonly network: LoadedName;
  readonly images: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly threads: number;
  /**
   * "each step": a callback waits for a timer after each step, so that there is a turn between any two. "as it comes":
   * training gives way when it does, about every 50 ms.
   */
  readonly turns: "each step" | "as it comes";
}

/**
 * Trains a model while timers do something with it, and compares it with a twin that was left alone: the weights and the
 * history have to be the same, in every bit. What the timers got is for the act to check.
 *
 * @returns how often the timers did it
 * @throws Error if anything differs, if an act throws, or if it was never done.
 */
export async function disturb(options: TimersOptions, act: Act): Promise<number> {
  const data = trainingData(options);
  const alone = LOADED[options.network](1);
  const wanted = await alone.fit(data, fitOptions(options));

  const scene = sceneOf(options, data);
  const { model } = scene;
  const timers = new Timers(act, scene);
  const got = await timers.during(() => model.fit(data, fitOptions(options)));
  expectSameWeights("fit with timers", model, alone);
  if (String(got.loss) !== String(wanted.loss) || String(got.val_loss) !== String(wanted.val_loss)) {
    throw new Error(`fit with timers: expected the losses ${wanted.loss}, got ${got.loss}.`);
  }
  return timers.done;
}

/**
 * Trains a model while timers change it, and then another, in which a callback makes the same changes after the same
 * steps: a change from a timer is one between two steps, so both have to end with the same bits.
 *
 * @returns how often the timers did it
 */
export async function change(options: TimersOptions, act: Act): Promise<number> {
  const data = trainingData(options);
  const changed: number[] = []; // steps after which a timer came
  const scene = sceneOf(options, data);
  const { model } = scene;
  const noted: Act = (_, i) => {
    changed.push(model.steps);
    return act(scene, i);
  };
  const timers = new Timers(noted, scene);
  await timers.during(() => model.fit(data, fitOptions(options)));

  const again = sceneOf(options, data);
  const replayed = again.model;
  let next = 0;
  const replay: Callback = {
    onBatchEnd: () => {
      for (; changed[next] === replayed.steps; next++) void act(again, next);
    },
  };
  await replayed.fit(data, fitOptions(options, [replay]));
  expectSameWeights("fit with changes from timers", model, replayed);
  return timers.done;
}

/** Trains two models at the same time on the same images: each has to end with the bits that it has alone. */
export async function trainTwoAtOnce(options: TimersOptions): Promise<number> {
  const data = trainingData(options);
  const models = (): Sequential[] => [1, 2].map((seed) => LOADED[options.network](seed));
  const train = (model: Sequential) => model.fit(data, fitOptions(options));
  const [alone, together] = [models(), models()];
  for (const model of alone) await train(model);
  await Promise.all(together.map(train));
  for (const [i, model] of together.entries()) expectSameWeights(`model ${i + 1} of two`, model, alone[i]!);
  return together.reduce((sum, { steps }) => sum + steps, 0);
}

function trainingData({ network, images }: TimersOptions): Marked {
  return markedImages(images, LOADED[network](1).inputShape, 1);
}

function sceneOf({ network }: TimersOptions, data: Marked): Scene {
  const [model, twin, other] = [1, 2, 3].map((seed) => LOADED[network](seed));
  return { model: model!, twin: twin!, other: other!, data };
}

function fitOptions(
  { epochs, batchSize, threads, turns }: TimersOptions,
  callbacks: readonly Callback[] = [],
): FitOptions {
  const pause: Callback = { onBatchEnd: () => new Promise((resume) => setTimeout(resume, 2)) };
  return {
    epochs,
    batchSize,
    threads,
    optimizer: new Adam(),
    validationSplit: 0.2,
    callbacks: turns === "each step" ? [pause, ...callbacks] : callbacks,
  };
}

/** All that timers may do while a model is trained, one after the other; returns how often each was done. */
export async function disturbInAllWays(options: TimersOptions): Promise<Record<string, number>> {
  const done: Record<string, number> = {};
  for (const [name, act] of Object.entries(ONLOOKERS)) done[name] = await disturb(options, act);
  for (const [name, act] of Object.entries(CHANGES)) done[name] = await change(options, act);
  done["two fits at once"] = await trainTwoAtOnce(options);
  return done;
}

/** Does something with a model from a timer, again and again, one call at a time. */
class Timers {
  /** How often it did something. */
  done = 0;
  #turns = 0;
  readonly #act: Act;
  readonly #scene: Scene;
  #running: Promise<void> | undefined;
  #failure: unknown;

  constructor(act: Act, scene: Scene) {
    this.#act = act;
    this.#scene = scene;
  }

  /** @throws what the act threw first; Error if it never had a turn. */
  async during<T>(train: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => this.#tick(), 1);
    let result: T;
    try {
      result = await train();
    } finally {
      clearInterval(timer);
      await this.#running;
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#turns === 0) throw new Error("Timers: expected training to give way, got no turn.");
    return result;
  }

  #tick(): void {
    if (this.#running || this.#failure !== undefined) return;
    const call = async (): Promise<void> => {
      const done = await this.#act(this.#scene, this.#turns++);
      if (done !== "nothing") this.done++;
    };
    this.#running = call()
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#running = undefined;
      });
  }
}
