/** Where the channels of a batch of images are: last, [N, H, W, C], as in tinyconv and Keras, or first, as in PyTorch. */
export type ImageLayout = "NHWC" | "NCHW";

/** Both layouts of images. */
export const IMAGE_LAYOUTS: readonly ImageLayout[] = ["NHWC", "NCHW"];
