import sharp from "sharp";

/** The ten digits as a person draws them, as SVG paths in a box of 60 x 100. */
const PATHS = [
  "M30 5 C5 5 5 95 30 95 C55 95 55 5 30 5 Z",
  "M20 22 L34 6 L34 95",
  "M8 28 C8 0 52 0 52 28 C52 50 12 70 8 94 L54 94",
  "M10 12 C40 -5 62 30 28 46 C66 48 56 100 8 90",
  "M24 4 L6 56 L54 56 M42 28 L42 96",
  "M50 6 L16 6 L13 42 C40 32 56 50 52 68 C48 96 18 98 8 86",
  "M44 5 C10 30 4 95 30 95 C58 95 56 48 30 50 C16 51 10 62 10 72",
  "M8 8 L54 8 L24 95",
  "M30 48 C2 40 4 5 30 5 C56 5 58 40 30 48 C-4 58 2 95 30 95 C58 95 64 58 30 48 Z",
  "M50 30 C50 0 10 0 10 28 C10 56 50 54 50 26 C50 60 46 80 40 96",
];

/** How a digit is drawn. */
export interface Drawing {
  /** The canvas, in pixels; the digit takes up the middle three fifths of it. */
  readonly width: number;
  readonly height: number;
  /** The width of the pen, in hundredths of the digit's height. */
  readonly pen: number;
  /** CSS colours. */
  readonly ink: string;
  readonly paper: string;
}

/** A digit drawn with a round pen, RGBA. */
export async function drawDigit(
  digit: number,
  { width, height, pen, ink, paper }: Drawing,
): Promise<Uint8Array> {
  const scale = (0.6 * Math.min(height, (width * 100) / 60)) / 100;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="${paper}"/>
    <path transform="translate(${width / 2} ${height / 2}) scale(${scale}) translate(-30 -50)" d="${PATHS[digit]}"
      fill="none" stroke="${ink}" stroke-width="${pen}" stroke-linecap="round" stroke-linejoin="round"/>
  </svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
}
