const LARGEST_FILE = 30_000_000;
const LONGEST_SIDE = 1024;

/**
 * A picture in a file that was chosen or pasted, reduced if it is large.
 *
 * @throws Error if it is none, or too large.
 */
export async function readPicture(file: Blob): Promise<ImageBitmap> {
  if (file.size > LARGEST_FILE) {
    throw new Error(
      `expected a picture of at most 30 MB, got ${Math.round(file.size / 1e6)} MB. Make it smaller.`,
    );
  }
  const picture = await createImageBitmap(file).catch((cause: unknown) => {
    throw new Error("expected a picture, got a file that the browser cannot show.", { cause });
  });
  const { width, height } = picture;
  const scale = LONGEST_SIDE / Math.max(width, height);
  if (scale >= 1) return picture;
  const size = {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
  };
  return createImageBitmap(picture, { ...size, resizeQuality: "high" });
}
