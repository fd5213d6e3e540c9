import type { Part } from "../section.js";
import { DISK_ERRORS, type DiskError } from "./disk.js";
import { type FailingSaves, type FailOptions, failEveryCall } from "./failing-saves.js";
import { SAVES, type Save } from "./saves.js";

const CODES = Object.keys(DISK_ERRORS) as DiskError[];

/** The kinds of a fault in which another call fails each time, and from call to call. */
const OPTIONS: readonly (readonly [keyof typeof SAVES, FailOptions])[] = [
  ["model", { codes: CODES }],
  ["checkpoint", { codes: CODES }],
  ["training", { codes: CODES }],
  ["submission", { codes: CODES }],
  ["tables", { codes: CODES }],
  // it takes a second to draw a report, and its calls are the same for each of its files
  ["report", { codes: CODES, inTurn: true }],
];

/** The parts in which the disk fails at one call, or from it on. */
export const DISK_PARTS: readonly Part[] = OPTIONS.map(([name, options]) => {
  const save: Save = SAVES[name];
  return {
    name: `the disk fails in saving ${save.what}`,
    prove: async () => cellsOf(await failEveryCall(save, options), options),
  };
});

function cellsOf({ calls, faults, errors }: FailingSaves, { codes, inTurn }: FailOptions): string[] {
  const outcome = `${errors} clear errors, ${faults - errors} times a call that was not needed`;
  const how = `${codes.join(", ")}${inTurn ? " in turn" : ""}`;
  return [`${faults} faults: ${how} at each of ${calls} calls`, `every file whole; ${outcome}`];
}
