import { describe, expect, test } from "vitest";
import { createPage } from "../../../src/node/report/page.js";
import { exampleMetrics, exampleReport } from "./example.js";

describe("createPage", () => {
  test("begins with the accuracy and the other figures", async () => {
    const data = await exampleReport();
    const html = createPage(data, []);
    const { accuracy, mistakes } = data.result;
    expect(html).toContain(`<p class="accuracy">${(100 * accuracy).toFixed(2)}%</p>`);
    expect(html).toContain(`<p>of 30 test images right, ${mistakes.length} wrong</p>`);
    expect(html).toContain("<dt>parameters</dt><dd>1,234</dd>");
  });

  test("has precision and recall in a table", async () => {
    const data = await exampleReport();
    const { precision, recall } = data.result.confusion;
    const html = createPage(data, []);
    for (const [name, shares] of Object.entries({ precision, recall })) {
      const cells = shares.map((share) => (Number.isNaN(share) ? "–" : `${(100 * share).toFixed(2)}%`));
      expect(html).toContain(
        `<th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}`,
      );
    }
  });

  test("has the summary of the model, and the command", async () => {
    const data = await exampleReport({ command: "tinyconv train --seed 7" });
    const html = createPage(data, []);
    expect(html).toContain(data.model.summary());
    expect(html).toContain("<code>tinyconv train --seed 7</code>");
  });

  test("escapes the texts it is given", async () => {
    const html = createPage(await exampleReport({ model: "<script>alert(1)</script>" }), []);
    expect(html).not.toContain("<script");
    expect(html).not.toContain("<b>");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;, trained on data/&lt;b&gt;&amp;");
    expect(html).toContain("tinyconv train --data &#39;data/&lt;b&gt;&amp;&#39; --seed 7");
  });

  test("says how the curves were measured, and where there was no validation", async () => {
    const { history } = exampleMetrics();
    expect(createPage(await exampleReport(), [])).toContain(
      "means over the epoch, while the weights were changing and the images were being warped; those of validation are taken at its end, from 12,000 images as they are.",
    );
    const plain = {
      validationImages: 0,
      augment: false,
      history: { ...history, val_loss: [], val_accuracy: [] },
    };
    const html = createPage(await exampleReport(plain), []);
    expect(html).toContain("while the weights were changing. There was no validation.");
  });

  test("has a table of several seeds, if there are several", async () => {
    const metrics = exampleMetrics();
    const runs = [
      { ...metrics, seed: 7, testAccuracy: 0.5, testLoss: 1, testCalibrationError: 0.25, seconds: 10 },
      { ...metrics, seed: 8, testAccuracy: 0.75, testLoss: 0.5, testCalibrationError: 0.125, seconds: 70 },
    ];
    const repeats = { runs, meanTestAccuracy: 0.625, testAccuracyDeviation: 0.1768, meanSeconds: 40 };
    const html = createPage(await exampleReport({ repeats }), []);
    expect(html).toContain("<h2>Seeds</h2>");
    expect(html).toContain("Mean accuracy 62.50%, standard deviation 17.68%.");
    expect(html).toContain(
      '<tr><th scope="row">8</th><td>75.00%</td><td>0.5000</td><td>12.50%</td><td>1:10 min</td></tr>',
    );
  });
});
