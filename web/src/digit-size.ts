/** Rows of a digit, and columns. */
export const DIGIT_SIDE = 28;

/** Pixels of a digit. */
export const DIGIT_PIXELS = DIGIT_SIDE * DIGIT_SIDE;
