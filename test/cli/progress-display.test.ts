import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { BarDisplay, LineDisplay } from "../../src/cli/progress-display.js";
import type { BatchEvent, EpochEvent } from "../../src/model/callback.js";
import { Sequential } from "../../src/model/sequential.js";

const model = new Sequential({ inputShape: [1] });

/** The event of a batch in an epoch of four batches of 100 images. */
function batchEvent(epoch: number, batch: number, secondsEach = 1): BatchEvent {
  return {
    model,
    epoch,
    batch,
    batches: undefined, // a batch source does not tell
    images: 100 * batch,
    loss: 1,
    accuracy: 0.5,
    learningRate: 0.1,
    seconds: secondsEach * batch,
  };
}

function epochEvent(epoch: number, seconds: number): EpochEvent {
  const logs = { loss: 0.25, accuracy: 0.75, learningRate: 0.1, seconds, imagesPerSecond: 400 / seconds };
  return { model, epoch, epochs: 2, logs };
}

describe("LineDisplay", () => {
  function watched() {
    let text = "";
    const display = new LineDisplay({ epochs: 2, images: 400 }, (written) => {
      text += written;
    });
    return { display, lines: () => text.split("\n").slice(0, -1) };
  }

  test("prints one line for a short epoch", () => {
    const { display, lines } = watched();
    for (let batch = 1; batch <= 4; batch++) {
      display.onBatchEnd(batchEvent(1, batch));
    }
    display.onEpochEnd(epochEvent(1, 4));
    display.stop();
    expect(lines()).toEqual(["Epoch 1/2  100%  in 0:04  loss 0.2500  accuracy 0.7500  100 images/s"]);
  });

  test("prints the figures of the validation below", () => {
    const { display, lines } = watched();
    const event = epochEvent(1, 4);
    display.onEpochEnd({ ...event, logs: { ...event.logs, val_loss: 0.5, val_accuracy: 0.875 } });
    expect(lines()[1]).toBe("  on the validation images  loss 0.5000  accuracy 0.8750");
  });

  test("prints a line every 20 seconds of a long one, with the clock of that epoch", () => {
    const { display, lines } = watched();
    for (let epoch = 1; epoch <= 2; epoch++) {
      for (let batch = 1; batch <= 4; batch++) {
        display.onBatchEnd(batchEvent(epoch, batch, 10));
      }
      display.onEpochEnd(epochEvent(epoch, 40));
    }
    expect(lines()).toEqual(
      [1, 2].flatMap((epoch) => [
        `Epoch ${epoch}/2   50%  ETA 0:20  loss 1.0000  accuracy 0.5000  10 images/s`,
        `Epoch ${epoch}/2  100%  in 0:40  loss 0.2500  accuracy 0.7500  10 images/s`,
      ]),
    );
  });
});

describe("BarDisplay", () => {
  const START_OF_LINE = "\u001b[1G"; // moves the cursor to the first column

  /** A terminal that keeps what is written to it. */
  function terminal() {
    const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: true, columns: 80 });
    return { stream, text: () => String(stream.read() ?? "") };
  }

  test("draws over its line, and leaves the figures of each epoch standing", () => {
    const { stream, text } = terminal();
    const display = new BarDisplay({ epochs: 2, images: 400 }, stream);
    for (let epoch = 1; epoch <= 2; epoch++) {
      for (let batch = 1; batch <= 4; batch++) {
        display.onBatchEnd(batchEvent(epoch, batch));
      }
      display.onEpochEnd(epochEvent(epoch, 4));
    }
    display.stop();
    // each line as it was drawn, time after time
    const lines = text()
      .split("\n")
      .map((line) => line.split(START_OF_LINE).map(stripVTControlCharacters).filter(Boolean));
    expect(lines.map((drawn) => drawn.at(-1))).toEqual([
      "Epoch 1/2  [=============]  in 0:04  loss 0.2500  accuracy 0.7500  100 images/s",
      "Epoch 2/2  [=============]  in 0:04  loss 0.2500  accuracy 0.7500  100 images/s",
      undefined,
    ]);
    expect(lines[0]![0]).toBe(
      "Epoch 1/2  [==>.........]  ETA 0:03  loss 1.0000  accuracy 0.5000  100 images/s",
    );
  });

  test("ends the line when training breaks off, and does nothing when it never began", () => {
    const { stream, text } = terminal();
    new BarDisplay({ epochs: 1, images: 400 }, stream).stop();
    expect(text()).toBe("");
    const display = new BarDisplay({ epochs: 1, images: 400 }, stream);
    display.onBatchEnd(batchEvent(1, 1));
    display.stop();
    expect(text()).toMatch(/images\/s.*\n$/);
  });
});
