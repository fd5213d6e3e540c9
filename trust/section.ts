/** One thing that is proved: a row in the table of its section. */
export interface Part {
  /** The first cell of its row, by which its result is found again. */
  readonly name: string;
  /** Proves it, at length, and gives the other cells of its row; throws if it does not hold. */
  readonly prove: (context: PartContext) => Promise<readonly string[]>;
}

export interface PartContext {
  /** Tells on the terminal how far the part is. */
  readonly log: (line: string) => void;
  /** Whether nothing may be taken over from an earlier run. */
  readonly fresh: boolean;
}

/** What is proved under one heading of docs/trust.md, by one command: `npm run trust -- NAME`. */
export interface Section {
  readonly name: string;
  /** The heading. */
  readonly title: string;
  /** What is claimed, and how it is proved: Markdown, above the table. */
  readonly text: string;
  /** The heading of the table: the first is that of the parts' names. */
  readonly columns: readonly string[];
  readonly parts: readonly Part[];
}
