import { crc32 } from "node:zlib";
import { findSharp, readImage } from "../../../src/node/read-image.js";
import { PNG_START } from "../../../test/helpers/png.js";
import { readAsFile } from "./file.js";
import type { Reader } from "./reader.js";

const sharp = await findSharp();

const WIDTH = 7;
const HEIGHT = 5;

/** A small picture, no two rows of which are alike. */
function picture(channels: 1 | 2 | 3 | 4): ReturnType<typeof sharp> {
  const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 37) % 251);
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels } });
}

/** Pictures of all kinds that are read. */
async function pictures(): Promise<readonly Uint8Array[]> {
  const kinds = [
    picture(1).png(),
    picture(2).png(),
    picture(3).png({ palette: true }),
    picture(4).png({ progressive: true }),
    picture(3).toColourspace("rgb16").png(),
    picture(1).jpeg(),
    picture(3).jpeg({ progressive: true }),
    picture(3).withMetadata({ orientation: 6 }).jpeg({ chromaSubsampling: "4:2:0" }),
    picture(3).toColourspace("cmyk").jpeg(),
    picture(3).webp(),
    picture(4).webp({ lossless: true }),
  ];
  return Promise.all(kinds.map(async (kind) => new Uint8Array(await kind.toBuffer())));
}

/** Reads a picture, and gives it as a PNG. */
async function readPicture(file: Uint8Array): Promise<Uint8Array> {
  const { data, ...raw } = await readAsFile(file, "picture", readImage);
  return new Uint8Array(await sharp(data, { raw }).png().toBuffer());
}

/** Makes the checksums of a PNG's chunks right, without which a decoder looks no further. */
function mendChecksums(mutated: Uint8Array): Uint8Array {
  const mended = mutated.slice();
  const view = new DataView(mended.buffer);
  const isPng = PNG_START.every((byte, i) => mended[i] === byte);
  for (let start = PNG_START.length; isPng && start + 12 <= mended.length; ) {
    const end = start + 8 + view.getUint32(start); // of the length, the type and the data
    if (end + 4 > mended.length) break;
    view.setUint32(end, crc32(mended.subarray(start + 4, end)));
    start = end + 4;
  }
  return mended;
}

/** Pictures, which sharp decodes. */
export const IMAGE_READERS: readonly Reader[] = [
  {
    name: "readImage",
    corpus: pictures,
    read: readPicture,
    mend: mendChecksums,
    place: /picture/,
    allowed: () => 2e7, // the pixels of the largest picture that is given, three times
    isSlow: true,
    kinds: 2,
  },
];
