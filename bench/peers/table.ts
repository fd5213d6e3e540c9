import type { Contestant } from "./contestants.js";
import type { Outcome } from "./run.js";

/** What a contestant did with one network and a number of threads: an outcome for each round. */
export interface Entry {
  readonly net: string;
  readonly threads: number;
  readonly contestant: Contestant;
  readonly outcomes: Outcome[];
}

type Measure = "trainImagesPerSecond" | "inferImagesPerSecond" | "inferMs";

const COLUMNS = [
  "network",
  "threads",
  "library",
  "training, images/s",
  "inference, images/s",
  "one image, ms",
  "",
];

/** The head of the table, in Markdown. */
export const TABLE_HEAD = [COLUMNS, COLUMNS.map(() => "---")].map(formatLine).join("\n");

/**
 * The rows of the table for contestants with the same network and threads: the median of the rounds in each cell and,
 * in brackets, how many times as fast as that the contestant is with which it is compared.
 */
export function formatRows(entries: readonly Entry[]): string {
  const rows = entries.map((entry) => {
    const { net, threads, contestant, outcomes } = entry;
    const rival = entries.find((other) => other.contestant.name === contestant.against);
    return [
      net,
      `${threads}`,
      contestant.name,
      formatCell(entry, rival, "trainImagesPerSecond", 0),
      formatCell(entry, rival, "inferImagesPerSecond", 0),
      formatCell(entry, rival, "inferMs", 3),
      remark(contestant, outcomes),
    ];
  });
  return rows.map(formatLine).join("\n");
}

function formatLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function formatCell(entry: Entry, rival: Entry | undefined, measure: Measure, digits: number): string {
  const value = median(entry, measure);
  if (value === undefined) return "-";
  const text = value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const other = rival === entry ? undefined : rival && median(rival, measure);
  if (other === undefined) return text;
  const ratio = measure === "inferMs" ? value / other : other / value;
  return `${text} (${ratio.toFixed(2)}x)`;
}

/** The median over the rounds in which the contestant gave a value. */
function median({ outcomes }: Entry, measure: Measure): number | undefined {
  const values = outcomes
    .flatMap((outcome) => ("fails" in outcome ? [] : [outcome[measure]]))
    .filter((value) => value !== undefined)
    .sort((a, b) => a - b);
  const middle = (values.length - 1) / 2;
  if (values.length === 0) return undefined;
  return (values[Math.floor(middle)]! + values[Math.ceil(middle)]!) / 2;
}

/** The version and what the contestant has to say, or why it failed. */
function remark({ against, name }: Contestant, outcomes: readonly Outcome[]): string {
  const compared = against === "tinyconv" || name === against ? "" : `compared with ${against}`;
  const remarks = outcomes.flatMap((outcome) =>
    "fails" in outcome ? [`fails: ${outcome.fails}`] : [outcome.version, outcome.note ?? "", compared],
  );
  const texts = [...new Set(remarks)].filter((text) => text !== "");
  return texts.join("; ").replaceAll("|", "\\|");
}
