import { expect, test } from "vitest";
import { appendEpoch, emptyHistory } from "../../src/model/history.js";

test("A history is a list for each figure, and those of the validation stay empty without it", () => {
  const history = emptyHistory();
  const logs = { loss: 2, accuracy: 0.5, learningRate: 0.01, seconds: 3, imagesPerSecond: 100 };
  appendEpoch(history, logs);
  appendEpoch(history, { ...logs, loss: 1 });
  const figures = {
    loss: [2, 1],
    accuracy: [0.5, 0.5],
    learningRate: [0.01, 0.01],
    seconds: [3, 3],
    imagesPerSecond: [100, 100],
  };
  expect(history).toEqual({ ...figures, val_loss: [], val_accuracy: [] });

  const validated = emptyHistory();
  appendEpoch(validated, { ...logs, val_loss: 4, val_accuracy: 0.25 });
  expect(validated).toMatchObject({ val_loss: [4], val_accuracy: [0.25] });
  expect(JSON.parse(JSON.stringify(validated))).toEqual(validated);
});
