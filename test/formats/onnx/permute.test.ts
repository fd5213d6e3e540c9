import { describe, expect, test } from "vitest";
import {
  channelsFirst,
  channelsLast,
  filtersFirst,
  filtersLast,
  permute,
  rowsToChannelsFirst,
  rowsToChannelsLast,
} from "../../../src/formats/onnx/permute.js";
import { Tensor } from "../../../src/tensor/tensor.js";
import { distinctTensor } from "../../helpers/random-tensor.js";

const exact = { rtol: 0, atol: 0 };

describe("permute", () => {
  test("transposes a matrix", () => {
    const x = Tensor.from([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const y = Tensor.from([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(permute(x, [1, 0])).toBeAllclose(y, exact);
  });

  test("takes element (i, j, k) of the result from where the axes say, for all orders of three axes", () => {
    const x = distinctTensor([2, 3, 4], 1);
    for (const axes of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const y = permute(x, axes);
      expect(y.shape).toEqual(axes.map((axis) => x.shape[axis]));
      const [A, B, C] = y.shape as [number, number, number];
      for (let i = 0; i < A * B * C; i++) {
        const place = [0, 0, 0]; // in x
        place[axes[0]!] = Math.floor(i / (B * C));
        place[axes[1]!] = Math.floor(i / C) % B;
        place[axes[2]!] = i % C;
        const [h, w, c] = place as [number, number, number];
        expect(y.data[i]).toBe(x.data[(h * 3 + w) * 4 + c]);
      }
    }
  });

  test("takes tensors without axes, and axes of length 1", () => {
    expect(permute(Tensor.from(5), [])).toBeAllclose(5, exact);
    expect(permute(Tensor.from([[[1], [2]]]), [2, 1, 0])).toBeAllclose([[[1], [2]]], exact);
  });

  test("leaves the tensor as it is, and gives one of its own", () => {
    const x = Tensor.from([1, 2]);
    const y = permute(x, [0]);
    y.data[0] = 9;
    expect(x).toBeAllclose([1, 2], exact);
  });
});

describe("channelsFirst and channelsLast", () => {
  test("keep the batch in front, for samples of any number of axes", () => {
    expect([1, 2, 3, 4].map(channelsFirst)).toEqual([
      [0, 1],
      [0, 2, 1],
      [0, 3, 1, 2],
      [0, 4, 1, 2, 3],
    ]);
    expect([1, 2, 3, 4].map(channelsLast)).toEqual([
      [0, 1],
      [0, 2, 1],
      [0, 2, 3, 1],
      [0, 2, 3, 4, 1],
    ]);
  });
});

describe("filtersFirst", () => {
  // 1 x 2 taps, 2 channels, 3 filters: the digits are tap, channel and filter
  const kernel = Tensor.from([
    [
      [
        [111, 112, 113],
        [121, 122, 123],
      ],
      [
        [211, 212, 213],
        [221, 222, 223],
      ],
    ],
  ]);
  const first = Tensor.from([
    [[[111, 211]], [[121, 221]]],
    [[[112, 212]], [[122, 222]]],
    [[[113, 213]], [[123, 223]]],
  ]);

  test("makes [F, C, KH, KW] of [KH, KW, C, F]", () => {
    expect(filtersFirst(kernel)).toBeAllclose(first, exact);
  });

  test("is undone by filtersLast", () => {
    expect(filtersLast(first)).toBeAllclose(kernel, exact);
    const odd = distinctTensor([3, 2, 4, 5], 1);
    expect(filtersLast(filtersFirst(odd))).toBeAllclose(odd, exact);
  });
});

describe("rowsToChannelsFirst", () => {
  // samples [1, 2, 3]: the tens of a row are its pixel, the ones its channel
  const rows = Tensor.from([11, 12, 13, 21, 22, 23].map((place) => [place, -place]));
  const first = Tensor.from([11, 21, 12, 22, 13, 23].map((place) => [place, -place]));

  test("takes the rows of a kernel from the order of [H, W, C] to that of [C, H, W]", () => {
    expect(rowsToChannelsFirst(rows, [1, 2, 3])).toBeAllclose(first, exact);
  });

  test("takes what has one number for each element", () => {
    expect(rowsToChannelsFirst(Tensor.from([11, 12, 13, 21, 22, 23]), [2, 3])).toBeAllclose(
      [11, 21, 12, 22, 13, 23],
      exact,
    );
  });

  test("is undone by rowsToChannelsLast", () => {
    expect(rowsToChannelsLast(first, [1, 2, 3])).toBeAllclose(rows, exact);
    for (const shape of [[4], [2, 3], [2, 3, 4], [2, 1, 3, 2]]) {
      const many = distinctTensor([shape.reduce((a, b) => a * b), 2], 1);
      expect(rowsToChannelsLast(rowsToChannelsFirst(many, shape), shape)).toBeAllclose(many, exact);
    }
  });
});
