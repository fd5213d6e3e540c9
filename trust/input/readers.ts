import { DIGIT_READERS } from "./readers/digits.js";
import { IMAGE_READERS } from "./readers/images.js";
import { MODEL_READERS } from "./readers/models.js";
import type { Reader } from "./readers/reader.js";
import { RUN_READERS } from "./readers/runs.js";

/** Every function that reads files of strangers. */
export const READERS: readonly Reader[] = [
  ...MODEL_READERS,
  ...DIGIT_READERS,
  ...RUN_READERS,
  ...IMAGE_READERS,
];
