import { type Sequential, saveModel } from "tinyconv";
import type { Digits } from "../digits.js";
import { messageOf } from "../message-of.js";
import { Gate } from "./gate.js";
import { ProgressMeter } from "./progress-meter.js";
import type { Answer, Command, Settings, Weights } from "./protocol.js";
import { checksumOf, train } from "./training.js";

/*
 * The worker that trains, so that the page can be used meanwhile. It runs the library as it is; where the page may share
 * memory between threads, the library starts workers of its own.
 */

const gate = new Gate();

globalThis.addEventListener("message", ({ data }: MessageEvent<Command>) => {
  if (data.type === "pause") gate.close();
  else if (data.type === "resume") gate.open();
  else void run(data.settings, data.digits);
});

async function run(settings: Settings, digits: Digits): Promise<void> {
  const meter = new ProgressMeter((progress) => answer({ type: "progress", progress }));
  try {
    const model = await train(settings, digits, {
      onBatch: (event) => meter.add(event),
      wait: async (model) => {
        if (gate.isOpen) return;
        await answerWeights("pause", model);
        await gate.pass();
      },
      onEpoch: async (report, model) => {
        answer({ type: "epoch", report });
        await answerWeights("epoch", model);
      },
    });
    await answerWeights("end", model);
  } catch (error) {
    answer({ type: "error", message: messageOf(error) });
  }
}

async function answerWeights(when: Weights["when"], model: Sequential): Promise<void> {
  const file = new Uint8Array(saveModel(model)); // a copy of its own, which can be handed over
  const weights: Weights = { when, file, checksum: await checksumOf(model) };
  answer({ type: "weights", weights }, [file.buffer]);
}

function answer(message: Answer, transfer: Transferable[] = []): void {
  globalThis.postMessage(message, { transfer });
}
