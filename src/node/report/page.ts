import { countOf, formatCount, formatPercent } from "../numbers.js";
import type { RunMetrics } from "../run-metrics.js";
import { headFacts, settingFacts, versionFacts } from "./facts.js";
import { Html, html } from "./html.js";
import type { DrawnPicture, PictureName } from "./picture.js";
import type { ReportData } from "./report-data.js";
import {
  classTable,
  factList,
  figure,
  lines,
  paragraph,
  repeatTable,
  section,
  sideBySide,
} from "./sections.js";
import { STYLE } from "./style.js";

/**
 * The report as one HTML file: no script, nothing from elsewhere (which its content security policy forbids), and
 * every text escaped.
 */
export function createPage(data: ReportData, pictures: readonly DrawnPicture[]): string {
  const { metrics, result } = data;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${metrics.model}, ${formatPercent(result.accuracy)}</title>
<style>
${new Html(STYLE)}
</style>
</head>
<body>
<main>
${head(data)}${sections(data, pictures)}</main>
</body>
</html>
`.text;
}

function head(data: ReportData): Html {
  const { metrics, result } = data;
  const { images, accuracy, mistakes } = result;
  return html`<header>
<h1>${metrics.model}, trained on ${metrics.data}</h1>
<p class="accuracy">${formatPercent(accuracy)}</p>
<p>of ${countOf(images, "test image")} right, ${formatCount(mistakes.length)} wrong</p>
${factList("figures", headFacts(data))}</header>
`;
}

function sections({ model, metrics, result }: ReportData, pictures: readonly DrawnPicture[]): Html[] {
  const show = (name: PictureName, caption?: string): Html | undefined => {
    const picture = pictures.find((candidate) => candidate.name === name);
    return picture && figure(picture, caption);
  };
  return [
    section(
      "Answers",
      sideBySide(show("digits", ABOUT_DIGITS), show("mistakes", ABOUT_MISTAKES)),
      result.mistakes.length === 0 && paragraph("The network made no mistake in the whole test."),
    ),
    section(
      "Training",
      paragraph(aboutTraining(metrics)),
      sideBySide(show("loss"), show("accuracy"), show("learning-rate", "At the last step of each epoch.")),
    ),
    section(
      "Right and wrong",
      sideBySide(show("confusion", ABOUT_CONFUSION), show("classes", ABOUT_CLASSES)),
      classTable(result.confusion),
    ),
    section("Network", lines("The layers of the network", model.summary()), show("filters", ABOUT_FILTERS)),
    ...(metrics.repeats ? [section("Seeds", repeatTable(metrics.repeats))] : []),
    section("Settings", factList("facts", settingFacts(metrics))),
    section("Versions", factList("facts", versionFacts(metrics))),
    section(
      "The same again",
      paragraph(ABOUT_COMMAND),
      html`<pre><code>${metrics.command}</code></pre>
`,
    ),
  ];
}

const ABOUT_DIGITS =
  "The first test images, and above each what the network takes it for; where that is wrong, what it is too.";
const ABOUT_MISTAKES =
  "The mistakes the network was surest of: above each what it takes the image for, below what it is, with the probabilities it gives to either.";
const ABOUT_CONFUSION =
  "The stronger the colour of a cell, the more mistakes there are of that kind. The diagonal, where the answers are right, has a colour of its own.";
const ABOUT_CLASSES =
  "The share of a digit's images that the network missed, and the share of its answers of that digit that were wrong.";
const ABOUT_FILTERS =
  "A square for each filter and channel, 64 at most. Weights above zero are blue, weights below zero are orange, the stronger the further from zero.";
const ABOUT_COMMAND = "With the same data and versions, this trains the same network, to the last bit.";

function aboutTraining({ augment, validationImages }: RunMetrics): string {
  const warped = augment ? " and the images were being warped" : "";
  const measured = `Loss and accuracy of training are means over the epoch, while the weights were changing${warped}`;
  if (validationImages === 0) return `${measured}. There was no validation.`;
  return `${measured}; those of validation are taken at its end, from ${countOf(validationImages, "image")} as they are. So validation may do better than training.`;
}
