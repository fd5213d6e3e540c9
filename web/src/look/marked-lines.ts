/** The first and the last line of something in a source, counted from 1. */
export type Lines = readonly [from: number, to: number];

/**
 * The lines of a method of the class in a source. They are found by their indentation, which the formatter keeps: two
 * spaces in front of the name and of the brace that ends it.
 *
 * @throws Error if there is no such method.
 */
export function markedLines(source: string, method: "forward" | "backward"): Lines {
  const lines = source.split("\n");
  const from = lines.findIndex((line) => line.startsWith(`  ${method}(`));
  const to = lines.indexOf("  }", from);
  if (from === -1 || to === -1) {
    throw new Error(`markedLines: expected a method called ${method} in the source, got none.`);
  }
  return [from + 1, to + 1];
}

/**
 * The lines of the comment above the exported class.
 *
 * @throws Error if there is none.
 */
export function classComment(source: string): Lines {
  const lines = source.split("\n");
  const to = lines.findIndex((line) => line.startsWith("export class ")) - 1;
  const from = lines.lastIndexOf("/**", Math.max(to, 0));
  if (lines[to] !== " */" || from === -1) {
    throw new Error("classComment: expected a comment above an exported class in the source, got none.");
  }
  return [from + 1, to + 1];
}
