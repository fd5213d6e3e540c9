/** A colour as red, green and blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** The colours that numbers are shown in: 0 is the ground, and the further from it, the stronger. */
export interface Palette {
  readonly zero: Rgb;
  readonly positive: Rgb;
  readonly negative: Rgb;
}

/** On a light page, and on a dark one: blue and orange, which are told apart by all kinds of colour vision. */
export const PALETTES: Readonly<Record<"light" | "dark", Palette>> = {
  light: { zero: [244, 244, 241], positive: [20, 70, 160], negative: [200, 90, 10] },
  dark: { zero: [32, 34, 40], positive: [140, 185, 255], negative: [255, 165, 80] },
};

/** The colour of a number from −1 to 1; what is beyond is as strong as these. */
export function colourOf(value: number, { zero, positive, negative }: Palette): Rgb {
  const end = value < 0 ? negative : positive;
  const share = Math.min(Math.abs(value), 1);
  const mix = (i: 0 | 1 | 2): number => Math.round(zero[i] + (end[i] - zero[i]) * share);
  return [mix(0), mix(1), mix(2)];
}

/** Colours on each side of 0 in a table. */
export const STEPS = 255;

const TABLES = new WeakMap<Palette, Uint8Array>();

/** The colours of −1 to 1 in 2·STEPS + 1 steps, three bytes each: the colour of v is at 3·round(STEPS·(1 + v)). */
export function colourTable(palette: Palette): Uint8Array {
  const known = TABLES.get(palette);
  if (known) return known;
  const table = Uint8Array.from(
    Array.from({ length: 2 * STEPS + 1 }, (_, i) => colourOf(i / STEPS - 1, palette)).flat(),
  );
  TABLES.set(palette, table);
  return table;
}
