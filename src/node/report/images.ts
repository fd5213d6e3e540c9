import type { IdxImages } from "../../mnist/idx.js";
import { sliceImages } from "../../model/dataset.js";
import type { Libraries } from "./libraries.js";

/** How many pixels of the PNG a pixel of the image becomes in each direction, so that its edges stay sharp. */
const MAGNIFICATION = 3;

/** An image of the data, ink white on black as it is there, as the data URI of a PNG. */
export async function imageUri({ sharp }: Libraries, images: IdxImages, index: number): Promise<string> {
  const [, height, width] = images.shape;
  const { data } = sliceImages(images, index, index + 1);
  const png = await sharp(Uint8Array.from(data), { raw: { width, height, channels: 1 } })
    .resize({ width: MAGNIFICATION * width, kernel: "nearest" })
    .toColourspace("b-w")
    .png({ compressionLevel: 9 })
    .toBuffer();
  return `data:image/png;base64,${png.toString("base64")}`;
}

/** Pixels of the PNG for a unit of the SVG, in each direction. */
const DENSITY = 2;

/** An SVG as a PNG, twice as large in each direction. Its text needs a font to be installed. */
export async function rasterize({ sharp }: Libraries, svg: string): Promise<Uint8Array> {
  return sharp(Buffer.from(svg), { density: 72 * DENSITY })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
