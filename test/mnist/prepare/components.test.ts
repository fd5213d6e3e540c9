import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findComponents } from "../../../src/mnist/prepare/components.js";
import { plane } from "../../helpers/plane.js";

const componentsOf = (...rows: readonly string[]) =>
  findComponents(Uint8Array.from(plane(...rows).data), rows[0]!.length);

describe("findComponents", () => {
  test("finds what hangs together, in the order of the first pixels", () => {
    const { components, labels } = componentsOf(
      ".##..", //
      ".#..#",
      ".##.#",
    );
    expect(components).toEqual([
      { area: 5, box: { x: 1, y: 0, width: 2, height: 3 } },
      { area: 2, box: { x: 4, y: 1, width: 1, height: 2 } },
    ]);
    expect([...labels]).toEqual([-1, 0, 0, -1, -1, -1, 0, -1, -1, 1, -1, 0, 0, -1, 1]);
  });

  test("takes corners that touch for one", () => {
    expect(componentsOf("#..", ".#.", "..#").components).toHaveLength(1);
    expect(componentsOf("..#", ".#.", "#..").components).toHaveLength(1);
  });

  test("does not go round the edge of the picture", () => {
    expect(componentsOf("..#", "#..").components).toHaveLength(2);
  });

  test("finds a spiral, and nothing in an empty picture", () => {
    expect(componentsOf("#####", "....#", "###.#", "#...#", "#####").components).toEqual([
      { area: 17, box: { x: 0, y: 0, width: 5, height: 5 } },
    ]);
    expect(componentsOf("..", "..").components).toEqual([]);
  });

  test("gives each pixel one component, and neighbours the same", () => {
    const masks = fc.array(fc.constantFrom(0, 1), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(masks, (pixels) => {
        const { components, labels } = findComponents(Uint8Array.from(pixels), 8);
        expect(components.reduce((sum, { area }) => sum + area, 0)).toBe(
          pixels.filter((v) => v === 1).length,
        );
        pixels.forEach((value, i) => {
          expect(labels[i] === -1).toBe(value === 0);
          const below = i + 8;
          if (value === 1 && pixels[below] === 1) expect(labels[below]).toBe(labels[i]);
        });
      }),
    );
  });
});
