import type { Conv2D } from "tinyconv";
import type { Cell } from "../playground.js";
import { type ChannelSum, type ConvolutionExplanation, sumOf, type Tap } from "./explanation.js";
import { formatNumber, formatOperand } from "./format-number.js";
import { layerWindow, tapPlaces } from "./layer-window.js";
import { type Pass, shapeAt, valuesAt } from "./pass.js";

/** Writes the sum of a convolution's cell out: kernel times patch, channel by channel, plus bias. */
export function explainConvolution(
  layer: Conv2D,
  pass: Pass,
  { layer: index, h, w, c: filter }: Cell,
): ConvolutionExplanation {
  const window = layerWindow(layer, shapeAt(pass, index - 1))!; // a convolution has one
  const { C, KW } = window;
  const F = layer.filters;
  const x = valuesAt(pass, index - 1);
  const W = layer.parameters.find(({ name }) => name === "kernel")!.value.data; // [KH, KW, C, F]
  const bias = layer.parameters.find(({ name }) => name === "bias")?.value.data[filter];
  const places = tapPlaces(window, h, w);

  const channels = Array.from({ length: C }, (_, c): ChannelSum => {
    const taps = places.map((place): Tap => {
      const { ky, kx, inside } = place;
      const weight = W[((ky * KW + kx) * C + c) * F + filter]!;
      const value = inside ? x[(place.h * window.W + place.w) * C + c]! : 0;
      return { ky, kx, inside, weight, value, product: weight * value };
    });
    return { channel: c, taps, sum: sumOf(taps.map(({ product }) => product)) };
  });
  channels.sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));

  const sum = sumOf(channels.map((channel) => channel.sum));
  const result = sum + (bias ?? 0);
  const products = `sum of ${places.length * C} products`;
  const text =
    bias === undefined
      ? `${products} = ${formatNumber(sum)}`
      : `${products} ${formatNumber(sum)} + bias ${formatOperand(bias)} = ${formatNumber(result)}`;
  return { kind: "convolution", kernelWidth: KW, channels, bias, text, result };
}
