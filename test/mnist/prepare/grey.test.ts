import { describe, expect, test } from "vitest";
import { principalGrey } from "../../../src/mnist/prepare/grey.js";

const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];

/** The grey levels of a row of colours, rounded. */
function greyOf(...colours: readonly (readonly number[])[]): number[] {
  const channels = colours[0]!.length;
  const grey = principalGrey(Float32Array.from(colours.flat()), [1, colours.length, channels]);
  expect([grey.width, grey.height]).toEqual([colours.length, 1]);
  return Array.from(grey.data, Math.round);
}

describe("principalGrey", () => {
  test("leaves grey levels as they are", () => {
    expect(greyOf(BLACK, [100, 100, 100], WHITE)).toEqual([0, 100, 255]);
    expect(greyOf([7, 7, 7], [7, 7, 7])).toEqual([7, 7]); // with nothing to tell apart
  });

  test("takes the channel that differs, where only one does", () => {
    expect(greyOf([255, 255, 40], WHITE)).toEqual([40, 255]); // yellow on white
    expect(greyOf([9, 0, 30], [9, 200, 30])).toEqual([0, 200]);
  });

  test("tells apart colours of one brightness", () => {
    const red = [200, 40, 40];
    const green = [30, 127, 40];
    // green is darker in the ink, so it is left out: its share would be negative
    expect(greyOf(red, green, green, green)).toEqual([200, 30, 30, 30]);
  });

  test("goes towards the side that more channels call light, if the others differ more together than the strongest", () => {
    expect(greyOf([200, 0, 0], [0, 150, 150])).toEqual([0, 150]); // red on cyan
  });

  test("is light where there is much light", () => {
    expect(greyOf([250, 240, 230], [20, 25, 30])).toEqual([240, 25]);
    const [blue, ivory] = greyOf([30, 40, 140], [250, 248, 240]);
    expect(ivory! - blue!).toBeGreaterThan(150);
  });

  test("passes over a fourth channel", () => {
    expect(greyOf([0, 0, 0, 255], [100, 100, 100, 7], [255, 255, 255, 99])).toEqual([0, 100, 255]);
  });
});
