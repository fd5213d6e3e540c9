import { describe, expect, test } from "vitest";
import type { Plane } from "../../../src/mnist/prepare/plane.js";
import { resamplePlane } from "../../../src/mnist/prepare/resample.js";
import { strokeLength, strokeWidth, thicken } from "../../../src/mnist/prepare/stroke.js";
import { plane, planeOf } from "../../helpers/plane.js";

/** A straight stroke in a large picture, at an angle, with soft edges. */
function stroke(width: number, degrees: number) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return planeOf(240, 240, (x, y) => {
    const along = Math.abs((x - 120) * c + (y - 120) * s);
    const across = Math.abs((y - 120) * c - (x - 120) * s);
    return along < 100 ? Math.min(1, Math.max(0, width / 2 + 0.5 - across)) : 0;
  });
}

describe("strokeWidth", () => {
  test("is twice the area over the outline", () => {
    // 10 pixels; the outline of the gradient between pixels cuts each corner from 2·(1/2) to √(1/2)
    const outline = 2 * 10 + 2 - 4 * (1 - Math.SQRT1_2);
    expect(strokeWidth(plane("##########"))).toBeCloseTo(20 / outline, 5);
  });

  test.each([0, 20, 45, 70])("is that of a stroke at %i degrees", (degrees) => {
    for (const width of [2, 5, 12]) {
      // the ends are outline too
      const expected = (width * 200) / (200 + width);
      expect(Math.abs(strokeWidth(stroke(width, degrees)) - expected)).toBeLessThan(0.25);
    }
  });

  test("is the same of softer edges", () => {
    const soft = resamplePlane(stroke(12, 30), 80, 80);
    expect(3 * strokeWidth(soft)).toBeCloseTo(strokeWidth(stroke(12, 30)), 0);
  });
});

describe("strokeLength", () => {
  test("is half the outline", () => {
    expect(strokeLength(stroke(6, 30))).toBeCloseTo(206, -1);
    const ink = stroke(6, 30);
    const area = ink.data.reduce((sum, value) => sum + value, 0);
    expect(strokeLength(ink)).toBeCloseTo(area / strokeWidth(ink), 5);
  });
});

describe("thicken", () => {
  test("adds a margin", () => {
    const part = 3 - Math.sqrt(5); // of the pixel two across and one down
    const corner = 3 - Math.sqrt(8);
    expect(thicken(plane(".......", ".......", ".......", "...#..."), 2)).toEqual({
      data: Float32Array.of(
        ...[0, 0, 0, 0, 0, 0, 0],
        ...[0, corner, part, 1, part, corner, 0],
        ...[0, part, 1, 1, 1, part, 0],
        ...[0, 1, 1, 1, 1, 1, 0],
      ),
      width: 7,
      height: 4,
    });
  });

  test("takes no ink away, and adds none about what is less than a half", () => {
    expect(thicken(plane("4..3"), 1)).toEqual(plane("4..3"));
    expect(thicken(plane("#4...2"), 1)).toEqual(plane("##...2"));
  });

  test.each([1, 2.5, 6])("makes strokes wider by twice the margin of %d", (margin) => {
    const area = ({ data }: Plane) => data.reduce((sum, ink) => sum + ink, 0);
    // the ends are rounded off: a strip of the stroke's width, and two quarters of a circle, at each
    const ends = 2 * (4 * margin + (Math.PI * margin * margin) / 2);
    const added = area(thicken(stroke(4, 25), margin)) - area(stroke(4, 25)) - ends;
    expect(Math.abs(added / 200 - 2 * margin)).toBeLessThan(0.5);
  });

  test("equals the distance to every pixel of ink, tried one by one", () => {
    const ink = planeOf(13, 11, (x, y) => ((x * 7 + y * 5) % 23 === 0 ? 1 : 0));
    for (const radius of [0.3, 1, 2.2]) {
      const expected = planeOf(13, 11, (x, y) => {
        let nearest = Number.POSITIVE_INFINITY;
        for (let v = 0; v < 11; v++) {
          for (let u = 0; u < 13; u++) {
            if (ink.data[13 * v + u] === 1)
              nearest = Math.min(nearest, Math.sqrt((u - x) ** 2 + (v - y) ** 2));
          }
        }
        return Math.max(0, Math.min(1, radius + 1 - nearest));
      });
      expect(thicken(ink, radius)).toEqual(expected);
    }
  });
});
