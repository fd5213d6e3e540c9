import { describe, expect, test } from "vitest";
import { ConfusionMatrix } from "../../../src/model/metrics.js";
import {
  classTable,
  factList,
  figure,
  lines,
  paragraph,
  section,
  sideBySide,
} from "../../../src/node/report/sections.js";

/** HTML without the breaks between its lines. */
const flat = ({ text }: { readonly text: string }): string => text.replaceAll("\n", "");

const PICTURE = {
  ...{ name: "loss" as const, title: "Loss & more", label: "" },
  ...{ fileSvg: "<svg>file</svg>", pageSvg: "<svg>page</svg>" },
  chart: () => ({ mark: "point" as const, data: { values: [] } }),
};

describe("the parts of the page", () => {
  test("have a heading, and nothing for what is missing", () => {
    const part = section("A < B", paragraph("1 & 2"), undefined, false);
    expect(flat(part)).toBe("<section><h2>A &lt; B</h2><p>1 &amp; 2</p></section>");
  });

  test("show the page's drawing of a picture, with its title, and a line about it if there is one", () => {
    expect(flat(figure(PICTURE))).toBe("<figure><h3>Loss &amp; more</h3><svg>page</svg></figure>");
    expect(flat(sideBySide(figure(PICTURE, "<3"), undefined))).toBe(
      '<div class="pictures"><figure><h3>Loss &amp; more</h3><svg>page</svg><figcaption>&lt;3</figcaption></figure></div>',
    );
  });

  test("show lines as they are, in a box that the keyboard can scroll", () => {
    expect(lines("Two lines", "a  <b>\n  c").text).toContain(
      '<div class="scroll" role="region" aria-label="Two lines" tabindex="0"><pre>a  &lt;b&gt;\n  c</pre></div>',
    );
  });

  test("show names and what stands beside them", () => {
    expect(flat(factList("facts", [["a", "<1>"]]))).toBe(
      '<dl class="facts"><div><dt>a</dt><dd>&lt;1&gt;</dd></div></dl>',
    );
  });

  test("show images, precision, recall and F1 of each class, and a dash for a share of nothing", () => {
    const matrix = new ConfusionMatrix([
      [1999, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    const rows = [...flat(classTable(matrix)).matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
      row!.split(/<[^>]*>/).filter((cell) => cell !== ""),
    );
    expect(rows).toEqual([
      ["digit", "0", "1", "2"],
      ["images", "2,000", "1", "0"],
      ["precision", "100.00%", "50.00%", "–"],
      ["recall", "99.95%", "100.00%", "–"],
      ["F1", "99.97%", "66.67%", "–"],
    ]);
  });
});
