/** A function that reads files of strangers. */
export interface Reader {
  readonly name: string;
  /** Small files that it reads, with everything that there can be in one. */
  readonly corpus: () => Promise<readonly Uint8Array[]>;
  /** Reads a file, and gives what it has read as a file of ours. */
  readonly read: (file: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Reads a file of ours, and gives it again. @default read */
  readonly readAgain?: (file: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Makes the lengths in a mutated file right again, so that its faults are found further on. @default nothing is done */
  readonly mend?: (mutated: Uint8Array, original: Uint8Array) => Uint8Array;
  /** What errors begin with, where it is not the name of a function but of the file. */
  readonly place?: RegExp;
  /** What may be allocated for a file of so many bytes. @default 20 bytes for each, and 6 MB */
  readonly allowed?: (bytes: number) => number;
  /** It takes many milliseconds for a file, as a picture does that is decoded: fewer are tried. @default false */
  readonly isSlow?: boolean;
  /** How many kinds of refusals there are at least among 1,000 files, so that the faults are not all of a kind. */
  readonly kinds: number;
}
