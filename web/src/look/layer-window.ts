import {
  AvgPool2D,
  Conv2D,
  GlobalAvgPool2D,
  type Layer,
  MaxPool2D,
  type Shape,
  slidingWindow,
  type Window,
} from "tinyconv";

/** The window that a layer slides over images of that shape, or undefined if it slides none. */
export function layerWindow(layer: Layer, inputShape: Shape): Window | undefined {
  if (layer instanceof Conv2D) return slidingWindow("layerWindow", inputShape, layer);
  if (layer instanceof MaxPool2D || layer instanceof AvgPool2D) {
    const { poolSize, strides, padding } = layer;
    return slidingWindow("layerWindow", inputShape, { kernelSize: poolSize, strides, padding });
  }
  if (layer instanceof GlobalAvgPool2D) {
    const kernelSize: [number, number] = [inputShape[0]!, inputShape[1]!];
    return slidingWindow("layerWindow", inputShape, { kernelSize, strides: 1, padding: "valid" });
  }
  return undefined;
}

/** Where one tap of a window lies, at one of its places. */
export interface TapPlace {
  readonly ky: number;
  readonly kx: number;
  readonly h: number;
  readonly w: number;
  /** False where the tap lies in the padding. */
  readonly inside: boolean;
}

/** All taps of the window at output cell (oh, ow), in reading order. */
export function tapPlaces(window: Window, oh: number, ow: number): readonly TapPlace[] {
  const places: TapPlace[] = [];
  for (let ky = 0; ky < window.KH; ky++) {
    for (let kx = 0; kx < window.KW; kx++) {
      const h = oh * window.strideH + ky * window.dilationH - window.padTop;
      const w = ow * window.strideW + kx * window.dilationW - window.padLeft;
      places.push({ ky, kx, h, w, inside: h >= 0 && h < window.H && w >= 0 && w < window.W });
    }
  }
  return places;
}
