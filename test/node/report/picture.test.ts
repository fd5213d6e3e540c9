import { describe, expect, test } from "vitest";
import { loadLibraries } from "../../../src/node/report/libraries.js";
import { drawPicture, type Picture } from "../../../src/node/report/picture.js";
import { LIGHT, PAGE } from "../../../src/node/report/theme.js";
import { textsOf } from "./example.js";

const PICTURE: Picture = {
  name: "loss",
  title: "A dot",
  label: '5 < 6 & "$&"',
  chart: ({ first }) => ({
    data: { values: [{ x: 1 }] },
    mark: { type: "point", color: first },
    encoding: { x: { field: "x", type: "quantitative", title: "x & y" } },
  }),
};

describe("drawPicture", async () => {
  const { fileSvg, pageSvg, name } = await drawPicture(await loadLibraries(), PICTURE);

  test("draws for a file with the title, on white, in colours", () => {
    expect(name).toBe("loss");
    expect(textsOf(fileSvg)).toContain("A dot");
    expect(fileSvg).toContain(`stroke="${LIGHT.first}"`);
    expect(fileSvg).toMatch(new RegExp(`<rect [^>]*fill="${LIGHT.paper}"`));
    expect(fileSvg).toContain('font-family="sans-serif"');
  });

  test("draws for the page without the title, on nothing, in the names of colours", () => {
    expect(textsOf(pageSvg)).not.toContain("A dot");
    expect(pageSvg).toContain(`stroke="${PAGE.first}"`);
    expect(pageSvg).not.toContain("<rect");
    expect(pageSvg).toContain('font-family="inherit"');
  });

  test("says what there is to see, and escapes it", () => {
    for (const svg of [fileSvg, pageSvg]) {
      expect(svg).toMatch(
        /^<svg role="img" aria-label="A dot: 5 &lt; 6 &amp; &quot;\$&amp;&quot;" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/,
      );
      expect(textsOf(svg)).toContain("x &amp; y");
    }
  });
});
