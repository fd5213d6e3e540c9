import { describe, expect, test } from "vitest";
import type { Digits } from "../../web/src/digits.js";
import { Gate } from "../../web/src/train/gate.js";
import type { Answer, Command, Settings } from "../../web/src/train/protocol.js";
import { Trainer, type TrainerState, type TrainingWorker } from "../../web/src/train/trainer.js";

const settings: Settings = {
  model: "lenet",
  optimizer: "adam",
  learningRate: 0.002,
  batchSize: 50,
  epochs: 3,
  seed: 1,
};
const none = { images: { data: new Uint8Array(0), shape: [0, 28, 28, 1] }, labels: new Uint8Array(0) };
const digits: Digits = { train: none, test: none, hard: [] };
const weights = (when: "pause" | "epoch" | "end"): Answer => ({
  type: "weights",
  weights: { when, file: new Uint8Array(1), checksum: "abc" },
});

/** A worker that keeps what it is told, and says what the test wants. */
class TestWorker implements TrainingWorker {
  onmessage: TrainingWorker["onmessage"] = null;
  onerror: TrainingWorker["onerror"] = null;
  readonly told: Command[] = [];
  terminated = false;

  postMessage(command: Command): void {
    this.told.push(command);
  }

  terminate(): void {
    this.terminated = true;
  }

  answer(data: Answer): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  fail(message: string): void {
    this.onerror?.(Object.assign(new Event("error") as ErrorEvent, { message }));
  }
}

function createTrainer({
  loadDigits = async () => digits,
  createWorker,
}: {
  loadDigits?: () => Promise<Digits>;
  createWorker?: () => TestWorker;
} = {}) {
  const workers: TestWorker[] = [];
  const answers: Answer[] = [];
  const states: TrainerState[] = [];
  const trainer = new Trainer({
    createWorker:
      createWorker ??
      (() => {
        const worker = new TestWorker();
        workers.push(worker);
        return worker;
      }),
    loadDigits,
    onAnswer: (answer) => answers.push(answer),
    onState: (state) => states.push(state),
  });
  return { trainer, workers, answers, states };
}

describe("Trainer", () => {
  test("starts a worker, pauses it, lets it go on, and ends it when it has trained", async () => {
    const { trainer, workers, answers, states } = createTrainer();
    expect(trainer.state).toBe("idle");
    await trainer.start(settings);
    trainer.pause();
    trainer.resume();
    const [worker] = workers;
    expect(worker!.told).toEqual([
      { type: "start", settings, digits },
      { type: "pause" },
      { type: "resume" },
    ]);
    worker!.answer(weights("epoch"));
    expect(worker!.terminated).toBe(false);
    worker!.answer(weights("end"));
    expect(worker!.terminated).toBe(true);
    expect(answers).toEqual([weights("epoch"), weights("end")]);
    expect(states).toEqual(["running", "paused", "running", "ended"]);
  });

  test("pauses only what runs, and lets go on only what has paused", async () => {
    const { trainer, workers, states } = createTrainer();
    trainer.pause();
    trainer.resume();
    await trainer.start(settings);
    trainer.resume();
    trainer.pause();
    trainer.pause();
    expect(states).toEqual(["running", "paused"]);
    expect(workers[0]!.told.map(({ type }) => type)).toEqual(["start", "pause"]);
  });

  test("reset ends it, and nothing more is heard of it", async () => {
    const { trainer, workers, answers, states } = createTrainer();
    await trainer.start(settings);
    trainer.reset();
    workers[0]!.answer(weights("end"));
    workers[0]!.fail("late");
    expect(workers[0]!.terminated).toBe(true);
    expect(answers).toEqual([]);
    expect(states).toEqual(["running", "idle"]);
  });

  test("a second start takes the place of the first, also while that waits for its digits", async () => {
    const gate = new Gate();
    gate.close();
    const { trainer, workers, states } = createTrainer({
      loadDigits: async () => {
        await gate.pass();
        return digits;
      },
    });
    const first = trainer.start(settings);
    const second = trainer.start({ ...settings, seed: 2 });
    gate.open();
    await Promise.all([first, second]);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(workers.map(({ told }) => told.length)).toEqual([0, 1]);
    expect(states).toEqual(["running", "running"]);
  });

  test("fails with the worker's message", async () => {
    const { trainer, workers, answers, states } = createTrainer();
    await trainer.start(settings);
    workers[0]!.answer({ type: "error", message: "The loss is not finite." });
    expect(answers).toEqual([{ type: "error", message: "The loss is not finite." }]);
    expect(states).toEqual(["running", "failed"]);
    expect(workers[0]!.terminated).toBe(true);
  });

  test.each([
    ["out of memory", "The worker that trains failed: out of memory."],
    ["", "The worker that trains failed: its file cannot be loaded."],
  ])("fails with the error of a worker that ends: %j", async (message, shown) => {
    const { trainer, workers, answers } = createTrainer();
    await trainer.start(settings);
    workers[0]!.fail(message);
    expect(answers).toEqual([{ type: "error", message: shown }]);
    expect(trainer.state).toBe("failed");
  });

  test("fails where digits or workers are not to be had", async () => {
    const noDigits = createTrainer({ loadDigits: () => Promise.reject(new Error("No digits.")) });
    await noDigits.trainer.start(settings);
    expect(noDigits.answers).toEqual([{ type: "error", message: "No digits." }]);
    expect(noDigits.workers[0]!.terminated).toBe(true);

    const noWorker = createTrainer({
      createWorker: () => {
        throw new Error("No workers.");
      },
    });
    await noWorker.trainer.start(settings);
    expect(noWorker.answers).toEqual([{ type: "error", message: "No workers." }]);
    expect(noWorker.states).toEqual(["running", "failed"]);
  });

  test("keeps quiet about digits that fail when nobody waits for them any more", async () => {
    const { trainer, answers } = createTrainer({ loadDigits: () => Promise.reject(new Error("No digits.")) });
    const started = trainer.start(settings);
    trainer.reset();
    await started;
    expect(answers).toEqual([]);
    expect(trainer.state).toBe("idle");
  });
});

describe("Gate", () => {
  test("lets through while it is open, and holds back while it is closed", async () => {
    const gate = new Gate();
    const passed: string[] = [];
    await gate.pass();
    gate.close();
    gate.close();
    expect(gate.isOpen).toBe(false);
    const waiting = gate.pass().then(() => passed.push("through"));
    await new Promise((resolve) => setTimeout(resolve));
    expect(passed).toEqual([]);
    gate.open();
    expect(gate.isOpen).toBe(true);
    await waiting;
    expect(passed).toEqual(["through"]);
  });

  test("holds back whoever it was opened for, if it is closed again at once", async () => {
    const gate = new Gate();
    const passed: string[] = [];
    gate.close();
    const waiting = gate.pass().then(() => passed.push("through"));
    gate.open();
    gate.close();
    await new Promise((resolve) => setTimeout(resolve));
    expect(passed).toEqual([]);
    gate.open();
    await waiting;
    expect(passed).toEqual(["through"]);
  });
});
