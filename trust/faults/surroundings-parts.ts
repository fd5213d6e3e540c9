import type { Part } from "../section.js";
import { failProgram } from "./failing-program.js";
import { fillDisks, mountDisk, unmountDisk } from "./full-disk.js";
import { type RefusedMemory, refuseEveryArray, refuseEveryGrowth } from "./memory.js";
import { inTemporaryFolder } from "./temporary-folder.js";

const STRIDE = 5;
const SIZES = Array.from({ length: 12 }, (_, i) => 60 * (i + 1)); // KB

/** The parts in which what the program runs on gives out: its disk, or the memory. */
export const SURROUNDINGS_PARTS: readonly Part[] = [
  {
    name: "the disk fails at a call of the program `tinyconv train`",
    prove: ({ log }) =>
      inTemporaryFolder(async (cwd) => {
        const { calls, exitCodes } = await failProgram({ cwd, stride: STRIDE, log });
        const codes = [...exitCodes]
          .sort(([a], [b]) => a - b)
          .map(([code, times]) => `${times} times ${code}`);
        return [
          `EIO, ENOSPC, EDQUOT in turn at every ${STRIDE}th of ${calls} calls`,
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
];

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
