import { describe, expect, test } from "vitest";
import { digitChart } from "../../../src/node/report/digit-chart.js";
import { LIGHT } from "../../../src/node/report/theme.js";
import { svgOf, textsOf } from "./example.js";

const PICTURE = { name: "digits", title: "Digits", label: "six digits" } as const;
const IMAGE = "data:image/png;base64,AAAA";

/** Where the images are. */
function placesOf(svg: string): (readonly [number, number])[] {
  return [...svg.matchAll(/<image [^>]*translate\(([\d.]+),([\d.]+)\)/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
}

describe("digitChart", () => {
  const six = Array.from({ length: 6 }, (_, i) => ({ image: IMAGE, above: String(i), isWrong: i === 3 }));

  test("puts five images in a row, with a text above each", async () => {
    const svg = await svgOf(digitChart(PICTURE, six));
    const places = placesOf(svg);
    expect(places.map(([x]) => x)).toEqual([8, 92, 176, 260, 344, 8]);
    expect(new Set(places.slice(0, 5).map(([, y]) => y)).size).toBe(1);
    expect(places[5]![1]).toBeGreaterThan(places[0]![1] + 68);
    expect(textsOf(svg).filter((text) => text !== "")).toEqual(["0", "1", "2", "3", "4", "5", "Digits"]);
  });

  test("puts in the images as they are given", async () => {
    const svg = await svgOf(digitChart(PICTURE, six));
    expect(svg.split(`href="${IMAGE}"`)).toHaveLength(7);
  });

  test("has the texts of wrong answers in their own colour", async () => {
    const svg = await svgOf(digitChart(PICTURE, six));
    const wrong = [...svg.matchAll(/<text[^>]*fill="([^"]*)"[^>]*>([^<]+)</g)].filter(
      ([, fill]) => fill === LIGHT.wrong,
    );
    expect(wrong.map(([, , text]) => text)).toEqual(["3"]);
  });

  test("puts four in a row where there is a second text below", async () => {
    const svg = await svgOf(
      digitChart(
        PICTURE,
        six.map((image) => ({ ...image, below: "is 9" })),
      ),
    );
    expect(placesOf(svg).map(([x]) => x)).toEqual([11, 113, 215, 317, 11, 113]);
    expect(textsOf(svg).filter((text) => text === "is 9")).toHaveLength(6);
  });
});
