import { crc32, deflateSync } from "node:zlib";

/** A chunk of a PNG: its length, type and data, and their checksum. */
export function pngChunk(type: string, data: Uint8Array = new Uint8Array(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

export const PNG_START = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** The header of a grey PNG of 8 bits, without interlacing. */
export function pngHeader(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data[8] = 8;
  return pngChunk("IHDR", data);
}

/** A grey PNG. Each row of `rows` begins with the number of its filter. */
export function greyPng(width: number, height: number, rows: Uint8Array): Buffer {
  return Buffer.concat([
    PNG_START,
    pngHeader(width, height),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND"),
  ]);
}
