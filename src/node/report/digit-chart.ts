import type { Picture } from "./picture.js";

/** An image with a line of text above it, and perhaps one below. */
export interface TitledImage {
  /** The image as a data URI. */
  readonly image: string;
  readonly above: string;
  readonly below?: string;
  /** Whether the line above is in the colour of wrong answers. */
  readonly isWrong: boolean;
}

/** Columns, and the sides of an image and of its cell. A second line of text is longer, and needs wider cells. */
const NARROW = { columns: 5, side: 68, cell: 84 } as const;
const WIDE = { columns: 4, side: 80, cell: 102 } as const;
/** The height of a line of text, and of the space between two rows. */
const LINE = 17;

/** Small images in rows: of five, or of four where they have two lines of text. */
export function digitChart(picture: Omit<Picture, "chart">, images: readonly TitledImage[]): Picture {
  const hasTwoLines = images.some(({ below }) => below !== undefined);
  const { columns, side, cell } = hasTwoLines ? WIDE : NARROW;
  const cellHeight = side + (hasTwoLines ? 2 : 1) * LINE + 12;
  const toLine = (side + LINE) / 2; // from the middle of the image to that of a line
  return {
    ...picture,
    chart: ({ ink, muted, wrong }) => ({
      width: columns * cell,
      height: Math.ceil(images.length / columns) * cellHeight,
      data: {
        values: images.map(({ image, above, below = "", isWrong }, i) => ({
          ...{ image, above, below, colour: isWrong ? wrong : ink },
          x: ((i % columns) + 0.5) * cell,
          y: Math.floor(i / columns) * cellHeight + LINE + side / 2,
        })),
      },
      encoding: {
        x: { field: "x", type: "quantitative", scale: null, axis: null },
        y: { field: "y", type: "quantitative", scale: null, axis: null },
      },
      layer: [
        {
          mark: { type: "image", width: side, height: side },
          encoding: { url: { field: "image", type: "nominal" } },
        },
        {
          mark: { type: "text", fontSize: 13, dy: -toLine },
          encoding: {
            text: { field: "above", type: "nominal" },
            color: { field: "colour", type: "nominal", scale: null },
          },
        },
        {
          mark: { type: "text", fontSize: 12, dy: toLine, color: muted },
          encoding: { text: { field: "below", type: "nominal" } },
        },
      ],
    }),
  };
}
