import type { Sequential } from "../../../src/model/sequential.js";
import { testModel } from "../../../src/model/test-model.js";
import { loadLibraries } from "../../../src/node/report/libraries.js";
import { drawPicture, type Picture } from "../../../src/node/report/picture.js";
import type { ReportData } from "../../../src/node/report/report-data.js";
import type { RunMetrics } from "../../../src/node/run-metrics.js";
import { Random } from "../../../src/tensor/random.js";
import { smallNetwork } from "../../helpers/models.js";

/** The metrics of a run of two epochs, with some of them changed. */
export function exampleMetrics(changes: Partial<RunMetrics> = {}): RunMetrics {
  return {
    ...{ model: "small", data: "data/<b>&", command: "tinyconv train --data 'data/<b>&' --seed 7" },
    ...{ epochs: 2, batchSize: 10, optimizer: "adamw", learningRate: 0.005, schedule: "one-cycle" },
    ...{ augment: true, weightAverage: false, backend: "plain", parameters: 1234, seed: 7 },
    ...{ trainImages: 60_000, validationImages: 12_000, testImages: 30 },
    ...{ testAccuracy: 0.5, testLoss: 1, testCalibrationError: 0.1 },
    ...{ seconds: 67.4, testSeconds: 1, imagesPerSecond: 1790.6 },
    history: {
      ...{ loss: [1.5, 0.5], accuracy: [0.65, 0.75], val_loss: [0.75, 0.25], val_accuracy: [0.8, 0.9] },
      ...{ learningRate: [0.005, 0.001], seconds: [30, 30], imagesPerSecond: [2000, 2000] },
    },
    versions: { tinyconv: "1.2.3", node: "20.20.0" },
    ...changes,
  };
}

/** A network of three classes that has learnt nothing, on 30 images of 6 x 6 random pixels. */
export async function exampleReport(
  changes: Partial<RunMetrics> = {},
  model: Sequential = smallNetwork(7),
): Promise<ReportData> {
  const random = new Random(5);
  const data = Uint8Array.from({ length: 30 * 36 }, () => random.integer(256));
  const labels = Uint8Array.from({ length: 30 }, () => random.integer(3));
  const test = { images: { data, shape: [30, 6, 6, 1] as const }, labels };
  return { model, metrics: exampleMetrics(changes), test, result: await testModel(model, test) };
}

/** The SVG of a picture, as it is in its file. */
export async function svgOf(picture: Picture): Promise<string> {
  return (await drawPicture(await loadLibraries(), picture)).fileSvg;
}

/** The texts one can see in an SVG, in the order they are drawn in. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)]
    .filter(([, attributes]) => !attributes!.includes(' opacity="0"'))
    .map(([, , text]) => text!);
}
