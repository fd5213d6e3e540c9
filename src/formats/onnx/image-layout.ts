/** Where the channels of a batch of images are: last, [N, H, W, C], as in tinyconv and Keras, or first, as in PyTorch. */
export type ImageLayout = (typeof IMAGE_LAYOUTS)[number];

/** Both layouts of images. */
export const IMAGE_LAYOUTS = ["NHWC", "NCHW"] as const;
