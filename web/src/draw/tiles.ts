import type { Shape } from "tinyconv";

/**
 * How an activation is laid out as one picture: each channel a tile, the tiles in rows, a cell between them. A row [I] has
 * tiles of one cell, without a cell between them.
 */
export interface Tiles {
  readonly H: number;
  readonly W: number;
  readonly C: number;
  readonly columns: number;
  readonly gap: number;
  /** Of the picture, in cells. */
  readonly width: number;
  readonly height: number;
}

/** A place in an activation. */
export interface Spot {
  readonly h: number;
  readonly w: number;
  readonly c: number;
}

const WIDEST = 135; // cells in a row of tiles, so that a cell stays large enough to be seen
const ASPECT = 1.6; // the width of a picture by its height, about
const MOST_IN_ROW = 32; // elements of a row [I] side by side

/** The tiles of the output of a layer, for one sample. */
export function layTiles(shape: Shape): Tiles {
  const [H, W, C] = shape.length === 3 ? (shape as [number, number, number]) : [1, 1, shape[0] ?? 1];
  const gap = H * W === 1 ? 0 : 1;
  const square = Math.ceil(Math.sqrt((ASPECT * C * (H + gap)) / (W + gap)));
  const most = H * W === 1 ? MOST_IN_ROW : Math.min(square, Math.floor((WIDEST + gap) / (W + gap)));
  const rows = Math.ceil(C / Math.max(1, most));
  const columns = Math.ceil(C / rows); // as even as can be
  return {
    H,
    W,
    C,
    columns,
    gap,
    width: columns * (W + gap) - gap,
    height: rows * (H + gap) - gap,
  };
}

/** Where the top left cell of a channel's tile is, in cells of the picture. */
export function tileOf({ H, W, columns, gap }: Tiles, c: number): { readonly x: number; readonly y: number } {
  return { x: (c % columns) * (W + gap), y: Math.floor(c / columns) * (H + gap) };
}

/** The cell at a place of the picture, or where there is a gap, the one before it. */
export function nearestSpot(tiles: Tiles, x: number, y: number): Spot | undefined {
  const { gap } = tiles;
  return (
    spotAt(tiles, x, y) ??
    spotAt(tiles, x - gap, y) ??
    spotAt(tiles, x, y - gap) ??
    spotAt(tiles, x - gap, y - gap)
  );
}

/** The cell at a place of the picture; undefined between the tiles and behind the last one. */
export function spotAt(tiles: Tiles, x: number, y: number): Spot | undefined {
  const { H, W, C, columns, gap } = tiles;
  const [column, row] = [Math.floor(x / (W + gap)), Math.floor(y / (H + gap))];
  const [w, h] = [Math.floor(x) - column * (W + gap), Math.floor(y) - row * (H + gap)];
  const c = row * columns + column;
  const isInside = x >= 0 && y >= 0 && column < columns && c < C && w < W && h < H;
  return isInside ? { h, w, c } : undefined;
}
