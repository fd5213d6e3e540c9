import { Random } from "../../src/tensor/random.js";

/** A colour, red, green and blue from 0 to 255. */
export type Colour = readonly [number, number, number];

/** How a digit of MNIST is put on paper, lit and photographed. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** The side of the digit's field of 28 x 28, in pixels of the photo. */
  readonly size: number;
  /** The middle of the field. */
  readonly x: number;
  readonly y: number;
  /** Degrees, clockwise. */
  readonly rotation: number;
  readonly ink: Colour;
  readonly paper: Colour;
  /** 1 leaves the soft edges of the enlarged digit, more makes them harder. */
  readonly sharpness: number;
  /** How much darker the darkest side is than the brightest, 0 to 1, and where the light comes from, in degrees. */
  readonly gradient: number;
  readonly lightFrom: number;
  /** How much darker the corners are than the middle, 0 to 1. */
  readonly vignette: number;
  /** Standard deviation of the sensor's noise, in grey levels. */
  readonly noise: number;
  /** How far the lens blurs: the radius, in pixels, of a box that is averaged over twice. */
  readonly blur: number;
  readonly seed: number;
}

/** The photo, RGB. */
export function renderPhoto(digit: Uint8Array, scene: Scene): Uint8Array {
  const { width, height, ink, paper } = scene;
  const coverage = blurred(renderInk(digit, scene), width, height, Math.round(scene.blur));
  const random = new Random(scene.seed);
  const noise = Float64Array.from({ length: 4096 }, () => scene.noise * random.normal());
  const rgb = new Uint8Array(width * height * 3);
  const angle = (scene.lightFrom * Math.PI) / 180;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // the place in the photo, from -1 to 1 along the longer side
      const u = (2 * (x + 0.5) - width) / Math.max(width, height);
      const v = (2 * (y + 0.5) - height) / Math.max(width, height);
      const along = (u * Math.cos(angle) + v * Math.sin(angle)) / Math.SQRT2; // -1 to 1
      const light = (1 - (scene.gradient * (1 + along)) / 2) * (1 - (scene.vignette * (u * u + v * v)) / 2);
      const i = y * width + x;
      const share = coverage[i]!;
      for (let c = 0; c < 3; c++) {
        const value = light * (paper[c]! + share * (ink[c]! - paper[c]!));
        rgb[3 * i + c] = Math.min(255, Math.max(0, Math.round(value + noise[random.integer(4096)]!)));
      }
    }
  }
  return rgb;
}

/** The share of each pixel that ink covers. */
function renderInk(digit: Uint8Array, scene: Scene): Float64Array {
  const { width, height, size, sharpness } = scene;
  const coverage = new Float64Array(width * height);
  const angle = (scene.rotation * Math.PI) / 180;
  const at = (column: number, row: number): number =>
    column >= 0 && column < 28 && row >= 0 && row < 28 ? digit[28 * row + column]! / 255 : 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = ((x + 0.5 - scene.x) / size) * 28;
      const dy = ((y + 0.5 - scene.y) / size) * 28;
      const column = dx * Math.cos(angle) + dy * Math.sin(angle) + 13.5;
      const row = dy * Math.cos(angle) - dx * Math.sin(angle) + 13.5;
      const left = Math.floor(column);
      const top = Math.floor(row);
      const [right, below] = [column - left, row - top];
      const value =
        (at(left, top) * (1 - right) + at(left + 1, top) * right) * (1 - below) +
        (at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right) * below;
      coverage[y * width + x] = Math.min(1, Math.max(0, (value - 0.5) * sharpness + 0.5));
    }
  }
  return coverage;
}

/** Averaged twice along the rows, then twice along the columns, over 2·radius + 1 pixels. */
function blurred(plane: Float64Array, width: number, height: number, radius: number): Float64Array {
  let result = plane;
  if (radius === 0) return result;
  for (const [length, step, lines, lineStep] of [
    [width, 1, height, width],
    [height, width, width, 1],
  ] as const) {
    for (let pass = 0; pass < 2; pass++) {
      const next = new Float64Array(result.length);
      for (let line = 0; line < lines; line++) {
        const at = (i: number): number =>
          result[line * lineStep + Math.min(length - 1, Math.max(0, i)) * step]!;
        let sum = 0;
        for (let i = -radius; i <= radius; i++) sum += at(i);
        for (let i = 0; i < length; i++) {
          next[line * lineStep + i * step] = sum / (2 * radius + 1);
          sum += at(i + radius + 1) - at(i - radius);
        }
      }
      result = next;
    }
  }
  return result;
}

/** Inks on papers that a person can tell apart. */
const COLOURS: readonly (readonly [ink: Colour, paper: Colour])[] = [
  [
    [20, 20, 25],
    [240, 238, 230],
  ], // black on white
  [
    [25, 40, 140],
    [250, 248, 240],
  ], // blue pen
  [
    [180, 30, 40],
    [235, 230, 220],
  ], // red pen
  [
    [95, 95, 100],
    [225, 222, 215],
  ], // pencil
  [
    [30, 30, 30],
    [245, 225, 120],
  ], // black on a yellow note
  [
    [20, 60, 40],
    [190, 150, 110],
  ], // green on packing paper
  [
    [235, 235, 230],
    [35, 60, 50],
  ], // chalk
  [
    [250, 245, 80],
    [20, 20, 30],
  ], // yellow on black
  [
    [255, 255, 255],
    [0, 0, 0],
  ],
];

/** A scene drawn by lot, of about `side` pixels. */
export function randomScene(random: Random, side: number, colours = COLOURS): Scene {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const shorter = Math.round(side * between(0.7, 1));
  const [width, height] = random.uniform() < 0.5 ? [side, shorter] : [shorter, side];
  const [ink, paper] = colours[random.integer(colours.length)]!;
  const size = shorter * between(0.55, 1);
  const room = (length: number): number => Math.max(0, (length - size) / 2);
  return {
    width,
    height,
    size,
    x: width / 2 + room(width) * between(-1, 1),
    y: height / 2 + room(height) * between(-1, 1),
    rotation: between(-8, 8),
    ink,
    paper,
    sharpness: between(1, 4),
    gradient: between(0, 0.5),
    lightFrom: between(0, 360),
    vignette: between(0, 0.4),
    noise: between(0, 10),
    blur: (between(0, 0.5) * size) / 28,
    seed: random.integer(1e6),
  };
}
