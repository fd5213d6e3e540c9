/**
 * A tensor, layer or dataset has the wrong shape. The message reads `Where: expected X, got Y.` and, where it
 * can be guessed, ends in the remedy.
 *
 * The other errors of the library are the language's own: `RangeError` for numbers, `TypeError` for types, and
 * plain `Error` for calls in the wrong order and for files.
 */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}
