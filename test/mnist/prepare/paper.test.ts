import { describe, expect, test } from "vitest";
import { separateInk } from "../../../src/mnist/prepare/paper.js";
import type { Plane } from "../../../src/mnist/prepare/plane.js";
import { planeOf } from "../../helpers/plane.js";

const SIDE = 80;

/** Where there is ink: a ring, as of a 0, or a vertical stroke, as of a 1. */
const ring = (x: number, y: number): boolean => Math.abs(Math.hypot(x - 40, (y - 40) * 0.7) - 16) < 4;
const stroke = (x: number, y: number): boolean => Math.abs(x - 40) < 4 && Math.abs(y - 40) < 25;

/** A picture whose paper and ink send back some share of the light. */
const picture = (
  isInk: (x: number, y: number) => boolean,
  ink: number,
  paper: number,
  light: (x: number, y: number) => number = () => 255,
): Plane => planeOf(SIDE, SIDE, (x, y) => light(x, y) * (isInk(x, y) ? ink : paper));

/** The least strength of the ink, and the greatest of paper, not counting pixels that a square about them mixes. */
function contrast({ data }: Plane, isInk: (x: number, y: number) => boolean): [ink: number, paper: number] {
  let [ink, paper] = [1, -1];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const strength = data[y * SIDE + x]!;
      if (isInk(x, y)) ink = Math.min(ink, strength);
      else paper = Math.max(paper, strength);
    }
  }
  return [ink, paper];
}

const shapes = [
  ["a ring", ring],
  ["a stroke", stroke],
] as const;

describe.each(shapes)("separateInk, of %s", (_, isInk) => {
  test("gives the share of light that dark ink keeps back", () => {
    const { strength, inverted } = separateInk(picture(isInk, 0.2, 0.8));
    const [ink, paper] = contrast(strength, isInk);
    expect(inverted).toBe(false);
    expect(ink).toBeCloseTo(0.75, 5);
    expect(paper).toBeCloseTo(0, 5);
  });

  test("gives the same for the negative", () => {
    const dark = picture(isInk, 0.2, 0.8);
    const light = planeOf(SIDE, SIDE, (x, y) => 255 - dark.data[y * SIDE + x]!);
    const { strength, inverted } = separateInk(light);
    expect(inverted).toBe(true);
    for (const [i, value] of separateInk(dark).strength.data.entries()) {
      expect(strength.data[i]).toBeCloseTo(value, 4);
    }
  });

  test.each([
    ["a slope of light", (x: number, y: number) => 250 - x - 0.8 * y],
    ["dark corners", (x: number, y: number) => 250 - 0.04 * ((x - 40) ** 2 + (y - 40) ** 2)],
    ["a shadow", (x: number) => (x < 20 ? 120 : x > 26 ? 240 : 120 + 20 * (x - 20))],
  ])("takes away %s", (_, light) => {
    for (const [ink, paper] of [
      [0.1, 0.9],
      [0.9, 0.1],
    ] as const) {
      const { strength, inverted } = separateInk(picture(isInk, ink, paper, light));
      expect(inverted).toBe(ink > paper);
      const [ofInk, ofPaper] = contrast(strength, isInk);
      expect(ofInk).toBeGreaterThan(ofPaper + 0.15);
    }
  });
});

describe("separateInk", () => {
  test("divides by no black paper", () => {
    const { strength } = separateInk(planeOf(20, 20, (x, y) => (x === 9 && y === 9 ? 255 : 0)));
    expect(strength.data.every((value) => Number.isFinite(value))).toBe(true);
    expect(strength.data[9 * 20 + 9]).toBe(1);
    expect(separateInk(planeOf(4, 4, () => 0)).strength).toEqual(planeOf(4, 4, () => 1));
  });

  test("finds nothing on plain paper", () => {
    expect(separateInk(planeOf(5, 3, () => 200)).strength).toEqual(planeOf(5, 3, () => 0));
  });
});
