import { Conv2D } from "../../layers/conv2d.js";
import { sliceImages } from "../../model/dataset.js";
import type { Sequential } from "../../model/sequential.js";
import type { Mistake } from "../../model/test-model.js";
import type { Tensor } from "../../tensor/tensor.js";
import { countOf, formatPercent } from "../numbers.js";
import { classChart } from "./class-chart.js";
import { confusionChart } from "./confusion-chart.js";
import { curves } from "./curves.js";
import { digitChart } from "./digit-chart.js";
import { filterChart } from "./filter-chart.js";
import { imageUri } from "./images.js";
import type { Libraries } from "./libraries.js";
import type { Picture } from "./picture.js";
import type { ReportData } from "./report-data.js";

/** Digits in the grid, 5 x 5. */
const SHOWN_DIGITS = 25;
/** Mistakes shown at most. */
const SHOWN_MISTAKES = 20;

/** The pictures of a report, in their order. There are no mistakes without mistakes, and no filters without Conv2D. */
export async function createPictures(libraries: Libraries, data: ReportData): Promise<Picture[]> {
  const { model, metrics, result } = data;
  const kernel = firstKernel(model);
  return [
    await digitPicture(libraries, data),
    ...curves(metrics.history),
    confusionChart(result.confusion),
    classChart(result.confusion),
    ...(result.mistakes.length > 0 ? [await mistakePicture(libraries, data)] : []),
    ...(kernel ? [filterChart(kernel)] : []),
  ];
}

/** The kernel [KH, KW, C, F] of the first convolution, undefined if the model has none. */
function firstKernel(model: Sequential): Tensor | undefined {
  return model.layers.find((layer) => layer instanceof Conv2D)?.parameters[0]?.value;
}

/** The first test images, with the answers. */
async function digitPicture(libraries: Libraries, { test, result }: ReportData): Promise<Picture> {
  const answers = new Map(result.mistakes.map(({ index, predicted }) => [index, predicted]));
  const labels = [...test.labels.slice(0, SHOWN_DIGITS)];
  const images = labels.map(async (label, i) => {
    const wrong = answers.get(i);
    return {
      image: await imageUri(libraries, test.images, i),
      above: wrong === undefined ? String(label) : `${wrong}, is ${label}`,
      isWrong: wrong !== undefined,
    };
  });
  const wrongs = labels.filter((_, i) => answers.has(i)).length;
  return digitChart(
    {
      name: "digits",
      title: "Test images and answers",
      label: `${countOf(labels.length, "digit")}, ${labels.length - wrongs} right: ${labels.join(" ")}.`,
    },
    await Promise.all(images),
  );
}

/** The mistakes the network was surest of, with the probabilities of its answer and of the right one. */
async function mistakePicture(libraries: Libraries, { model, test, result }: ReportData): Promise<Picture> {
  const shown = result.mistakes.slice(0, SHOWN_MISTAKES);
  const describe = async ({ index, label, predicted }: Mistake) => {
    const probabilities = model.predict(sliceImages(test.images, index, index + 1)); // [1, K]
    const percent = (digit: number): string => formatPercent(probabilities.at(0, digit), 1);
    return {
      image: await imageUri(libraries, test.images, index),
      above: `${predicted} (${percent(predicted)})`,
      below: `is ${label} (${percent(label)})`,
      isWrong: true,
    };
  };
  return digitChart(
    {
      name: "mistakes",
      title: "The worst mistakes",
      label: shown.map(({ label, predicted }) => `${label} taken for ${predicted}`).join(", "),
    },
    await Promise.all(shown.map(describe)),
  );
}
