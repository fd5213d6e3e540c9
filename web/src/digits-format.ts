/*
 * The file digits.bin, gzipped: the magic, three counts (digits to train on, to test with, hard ones) as little-endian
 * 32-bit numbers, the SHA-256 of all that follows; then the labels of the digits to train on and to test with, a byte
 * each, the places of the hard ones, two bytes each, and the pixels of all digits in the same order.
 */

/** The first bytes of the file. */
export const MAGIC = "digits01";
/** Of the SHA-256. */
export const DIGEST_BYTES = 32;
/** Magic, counts and SHA-256. */
export const HEADER_BYTES = MAGIC.length + 3 * 4 + DIGEST_BYTES;
/** Pixels of a digit. */
export const SIZE = 28 * 28;
