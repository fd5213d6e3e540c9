import { countOf, formatCount } from "../../src/node/numbers.js";
import type { Part } from "../section.js";
import { failProgram } from "./failing-program.js";
import { fillDisks, mountDisk, unmountDisk } from "./full-disk.js";
import { type LittleMemoryOptions, trainWithLittleMemory } from "./little-memory.js";
import { type RefusedMemory, refuseEveryArray, refuseEveryGrowth } from "./memory.js";
import { refuseKernels } from "./refused-kernels.js";
import { inTemporaryFolder } from "./temporary-folder.js";

const SIZES = Array.from({ length: 12 }, (_, i) => 60 * (i + 1)); // KB

// in MB. Node needs 700 to start; what it needs later depends on where the system puts things
const ADDRESSES = [
  ...Array.from({ length: 30 }, (_, i) => 720 + 20 * i),
  1500,
  2000,
  4000,
  8000,
  12_000,
  16_000,
];
// with 2 MB it does not start, and with 10 it trains
const HEAPS = [2, 4, 6, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10, 12, 16, 24];

/** The parts in which what the program runs on gives out: its disk, or the memory. */
export const SURROUNDINGS_PARTS: readonly Part[] = [
  {
    name: "the disk fails at a call of the program `tinyconv train`",
    prove: ({ log }) =>
      inTemporaryFolder(async (cwd) => {
        const { calls, exitCodes } = await failProgram({ cwd, stride: 1, log });
        const codes = [...exitCodes]
          .sort(([a], [b]) => a - b)
          .map(([code, times]) => `${times} times ${code}`);
        return [
          `EIO, ENOSPC, EDQUOT in turn at each of ${calls} calls`,
          `exit codes: ${codes.join(", ")}; each gone on with, or begun anew, to the same bits`,
        ];
      }),
  },
  {
    name: "a disk that is full (tmpfs)",
    prove: ({ log }) =>
      inTemporaryFolder(async (cwd) => {
        if (!canMount(cwd)) {
          log("NOT PROVED HERE: no disk can be mounted, which needs Linux and the right to");
          return ["–", "not proved here: no disk could be mounted"];
        }
        const { sizes, full, enough } = await fillDisks(cwd, SIZES);
        return [
          `disks of ${sizes.length} sizes from ${sizes[0]} to ${sizes.at(-1)} KB`,
          `${full} times full, with a clear error, and gone on with to the same bits when there was room; ${enough} times room enough`,
        ];
      }),
  },
  {
    name: "an array is refused by the engine",
    prove: async () => cellsOf(await refuseEveryArray(), "each of"),
  },
  {
    name: "the memory of the kernels cannot grow",
    prove: async () => cellsOf(await refuseEveryGrowth(), "from each of"),
  },
  {
    name: "the memory of the kernels cannot be made",
    prove: () =>
      inTemporaryFolder(async (cwd) => [
        `${await refuseKernels(cwd)} processes: none at all, none that is shared; on 1 and 2 threads`,
        "none at all: one warning, and plain code computes, or an error where SIMD was asked for; none that is shared: one thread computes; the same bits in the end",
      ]),
  },
  {
    name: "a process has few addresses (`ulimit -v`)",
    prove: async ({ log }) => {
      if (process.platform !== "linux") {
        log("NOT PROVED HERE: a limit to the addresses of a process needs Linux");
        return ["–", "not proved here: that needs Linux"];
      }
      return trainWithLittle("addresses", ADDRESSES, log);
    },
  },
  {
    name: "the heap of the engine is small (`--max-old-space-size`)",
    prove: async ({ log }) => trainWithLittle("heap", HEAPS, log),
  },
];

async function trainWithLittle(
  scarce: LittleMemoryOptions["scarce"],
  megabytes: readonly number[],
  log: (line: string) => void,
): Promise<string[]> {
  const ends = await inTemporaryFolder((cwd) => trainWithLittleMemory({ cwd, scarce, megabytes, log }));
  const given = `${formatCount(megabytes[0]!)} to ${formatCount(megabytes.at(-1)!)} MB`;
  const gaveUp = `Node gave up ${countOf(ends["before the first checkpoint"], "time")} before the first checkpoint and ${countOf(ends["after a checkpoint"], "time")} after one`;
  return [
    `${megabytes.length} processes with ${given}`,
    `${ends.whole} ended with the same bits, ${ends.error} with a clear error; ${gaveUp}; each gone on with, or begun anew, to the same bits`,
  ];
}

/** True where `fillDisks` can do its work. */
export function canMount(cwd: string): boolean {
  const trial = `${cwd}/trial`;
  if (!mountDisk(trial, 100)) return false;
  unmountDisk(trial);
  return true;
}

function cellsOf({ requests, errors }: RefusedMemory, which: string): string[] {
  const outcome =
    errors > 0 ? `${errors} clear errors, and the model as it was; ` : "no error: plain code computes; ";
  return [`${which} ${requests} requests`, `${outcome}the same bits in the end`];
}
