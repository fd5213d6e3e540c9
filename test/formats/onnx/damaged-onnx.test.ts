import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../../src/formats/onnx/export-onnx.js";
import { importOnnx } from "../../../src/formats/onnx/import-onnx.js";
import { allLayers } from "../../helpers/files.js";

/** How a file is refused: where, what was expected, what came. */
const REFUSAL = /^importOnnx( \(node ".*", .*\))?: (.+ )?expected .+, got .+/s;

describe.each(allLayers().map((model, i) => ({ i, file: exportOnnx(model) })))("file $i", ({ file }) => {
  test("is refused when it is cut off, wherever that is", () => {
    for (let length = 0; length < file.length; length++) {
      expect(() => importOnnx(file.subarray(0, length)), `${length} bytes`).toThrow(REFUSAL);
    }
  });

  test("is read or refused with any bit flipped, and nothing else", () => {
    let read = 0;
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const flipped = file.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        importOnnx(flipped);
        read++;
      } catch (error) {
        expect((error as Error).message, `bit ${bit}`).toMatch(REFUSAL);
      }
    }
    // most bits are those of weights and names
    expect(read).toBeGreaterThan(file.length);
    expect(read).toBeLessThan(8 * file.length);
  });
});

test("a length of 2^53 bytes is refused before anything is made of it", () => {
  // field 7, the graph, with a length as a varint of 8 bytes
  const file = Uint8Array.of(0x08, 8, 0x3a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10);
  expect(() => importOnnx(file)).toThrow(REFUSAL);
});

test("an ONNX file is read from any place in memory", () => {
  const [file] = allLayers().map((model) => exportOnnx(model));
  const padded = new Uint8Array(file!.length + 3);
  padded.set(file!, 3);
  expect(importOnnx(padded.subarray(3)).getWeights()).toEqual(importOnnx(file!).getWeights());
});
