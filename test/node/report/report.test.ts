import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Dense } from "../../../src/layers/dense.js";
import { Flatten } from "../../../src/layers/flatten.js";
import { ConfusionMatrix } from "../../../src/model/metrics.js";
import { Sequential } from "../../../src/model/sequential.js";
import { createReport, type Report } from "../../../src/node/report/report.js";
import { ShapeError } from "../../../src/tensor/errors.js";
import { smallNetwork } from "../../helpers/models.js";
import { exampleReport, textsOf } from "./example.js";

/** The headings of the sections. */
function headingsOf(html: string): string[] {
  return [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading!);
}

const namesOf = ({ pictures }: Report): string[] => pictures.map(({ name }) => name);

// Vega tells of what it does not like on the console, and the report must give it no reason to
const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) => vi.spyOn(console, name));

beforeEach(() => vi.clearAllMocks());
afterEach(() => {
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});

describe("createReport", () => {
  test("has every section and picture", async () => {
    const report = await createReport(await exampleReport());
    expect(headingsOf(report.html)).toEqual([
      ...["Answers", "Training", "Right and wrong", "Network", "Settings", "Versions", "The same again"],
    ]);
    const names = [
      "digits",
      "loss",
      "accuracy",
      "learning-rate",
      "confusion",
      "classes",
      "mistakes",
      "filters",
    ];
    expect(namesOf(report)).toEqual(names);
    expect(report.html.match(/<svg /g)).toHaveLength(names.length);
  });

  test("refers to nothing outside of itself, and forbids it too", async () => {
    const { html, pictures } = await createReport(await exampleReport());
    for (const text of [html, ...pictures.map(({ svg }) => svg)]) {
      const without = text.replaceAll(/ xmlns(:xlink)?="http:\/\/www\.w3\.org\/[^"]*"/g, "");
      expect(without).not.toMatch(/https?:|@import|<script|<link|<base/);
      const references = [...without.matchAll(/(?:href|src)="([^"]*)"|url\(([^)]*)\)/g)];
      expect(references.every(([, uri]) => uri?.startsWith("data:image/png;base64,"))).toBe(true);
    }
    expect(html).toContain(
      `http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
  });

  test("is colours by name in the page, and colours in the pictures alone", async () => {
    const { html, pictures } = await createReport(await exampleReport());
    expect(html.slice(html.indexOf("<body>"))).not.toMatch(/(fill|stroke)="(#|black|white)/);
    for (const { svg } of pictures) expect(svg).not.toContain("var(");
  });

  test("has a label on every picture, and its title in its file", async () => {
    const { html, pictures } = await createReport(await exampleReport());
    for (const svg of html.match(/<svg [^>]*>/g)!) expect(svg).toMatch(/role="img" aria-label="[^"]{20,}"/);
    for (const { svg, title } of pictures) {
      expect(svg).toContain(`role="img" aria-label="${title}: `);
      expect(textsOf(svg)).toContain(title);
    }
  });

  test("gives the same bytes for the same data, one after the other and at once, and no ids that could clash", async () => {
    const data = await exampleReport();
    const first = await createReport(data);
    const [second, third] = await Promise.all([createReport(data), createReport(await exampleReport())]);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(first.html).not.toMatch(/ id="/);
  });

  test("is small", async () => {
    const { html } = await createReport(await exampleReport());
    expect(html.length).toBeLessThan(200_000);
  });
});

describe("a report on an unusual run", () => {
  test("of one epoch has its points", async () => {
    const one = { loss: [1], accuracy: [0.5], val_loss: [1], val_accuracy: [0.5], learningRate: [0.1] };
    const history = { ...one, seconds: [1], imagesPerSecond: [1] };
    const { html } = await createReport(await exampleReport({ history }));
    expect(html).toContain('aria-label="Loss: training 1.0000, validation 1.0000 over one epoch."');
    expect(html).not.toContain("NaN");
  });

  test("without mistakes says so, and has no picture of them", async () => {
    const data = await exampleReport();
    const confusion = new ConfusionMatrix([
      [10, 0, 0],
      [0, 10, 0],
      [0, 0, 10],
    ]);
    const report = await createReport({
      ...data,
      result: { ...data.result, accuracy: 1, confusion, mistakes: [] },
    });
    expect(namesOf(report)).not.toContain("mistakes");
    expect(report.html).toContain("<p>The network made no mistake in the whole test.</p>");
    expect(report.html).toContain("of 30 test images right, 0 wrong");
  });

  test("without a convolution has no filters", async () => {
    const dense = new Sequential({ inputShape: [6, 6, 1] }, [new Flatten(), new Dense({ units: 3 })]);
    const report = await createReport(await exampleReport({}, dense));
    expect(namesOf(report)).not.toContain("filters");
    expect(report.html).not.toContain("Filters");
  });

  test("without an epoch has no curves", async () => {
    const none = { loss: [], accuracy: [], val_loss: [], val_accuracy: [], learningRate: [], seconds: [] };
    const report = await createReport(await exampleReport({ history: { ...none, imagesPerSecond: [] } }));
    expect(namesOf(report)).toEqual(["digits", "confusion", "classes", "mistakes", "filters"]);
  });

  test("of other images than the result was got from is refused", async () => {
    const data = await exampleReport();
    await expect(createReport({ ...data, result: { ...data.result, images: 1000 } })).rejects.toThrow(
      new ShapeError(
        "createReport: expected the result of 30 test images, got that of 1,000. Give the images that testModel was given.",
      ),
    );
  });

  test("does not change what it tells of", async () => {
    const model = smallNetwork(7);
    const before = model.getWeights();
    await createReport(await exampleReport({}, model));
    expect(model.getWeights()).toEqual(before);
  });
});
