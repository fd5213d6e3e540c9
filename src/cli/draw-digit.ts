/** From paper to full ink. */
const SHADES = " .:-=+*#%@";

/**
 * A small grey image as lines of text, cropped to its ink. A character is about twice as high as it is wide, so each
 * stands for two pixels, one above the other.
 *
 * @param pixels 0 (paper) to 255 (ink), row by row, `width` in a row.
 */
export function drawDigit(pixels: ArrayLike<number>, width: number): string[] {
  const lines: string[] = [];
  for (let top = 0; top < pixels.length; top += 2 * width) {
    let line = "";
    for (let i = top; i < top + width; i++) {
      const ink = (pixels[i]! + (pixels[i + width] ?? 0)) / 2; // an odd last row stands over paper
      line += SHADES[Math.round((ink / 255) * (SHADES.length - 1))];
    }
    lines.push(line);
  }
  return crop(lines);
}

/** Leaves out the blank lines and columns around what is drawn. */
function crop(lines: readonly string[]): string[] {
  const inked = lines.filter((line) => line.trim() !== "");
  if (inked.length === 0) return [];
  const left = Math.min(...inked.map((line) => line.length - line.trimStart().length));
  return lines
    .slice(lines.indexOf(inked[0]!), lines.lastIndexOf(inked.at(-1)!) + 1)
    .map((line) => line.slice(left).trimEnd());
}

/**
 * Blocks of text side by side, as many in a row as fit into `columns`; a blank line between rows.
 */
export function placeSideBySide(blocks: readonly (readonly string[])[], columns: number, gap = 4): string {
  const widest = Math.max(0, ...blocks.flat().map((line) => line.length));
  const perRow = Math.max(1, Math.floor((columns + gap) / (widest + gap)));
  const rows: string[] = [];
  for (let start = 0; start < blocks.length; start += perRow) {
    const row = blocks.slice(start, start + perRow);
    const height = Math.max(...row.map((block) => block.length));
    const lines = Array.from({ length: height }, (_, i) =>
      row
        .map((block) => (block[i] ?? "").padEnd(widest + gap))
        .join("")
        .trimEnd(),
    );
    rows.push(lines.join("\n"));
  }
  return rows.join("\n\n");
}
