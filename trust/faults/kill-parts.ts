import type { Part } from "../section.js";
import { killSaves } from "./kill-saves.js";
import { killSavings } from "./kill-saving.js";
import { killTrainings } from "./kill-training.js";
import { SAVES } from "./saves.js";
import { inTemporaryFolder } from "./temporary-folder.js";

const SEED = Number(process.env.FAULTS_SEED ?? 1);

/** The parts in which processes are killed. */
export const KILL_PARTS: readonly Part[] = [
  {
    name: "kill -9 at a random moment of a training",
    prove: ({ log }) =>
      inTemporaryFolder(async (cwd) => {
        const { runs, kills } = await killTrainings({ cwd, kills: 200, seed: SEED, log });
        const moments = Object.entries(kills).map(([doing, times]) => `${times} ${doing}`);
        return ["200 kills", `${moments.join(", ")}; all ${runs} runs ended with the bits of one left alone`];
      }),
  },
  {
    name: "kill -9 at a call to the disk, in a training that saves after every step",
    prove: ({ log }) =>
      inTemporaryFolder(async (cwd) => {
        const { runs, kills } = await killSavings({ cwd, kills: 100, seed: SEED, log });
        const calls = [...kills].map(([name, times]) => `${times} at ${name}`).sort();
        return ["100 kills", `${calls.join(", ")}; all ${runs} runs ended with the bits of one left alone`];
      }),
  },
  ...(["model", "submission", "tables", "report"] as const).map(
    (name): Part => ({
      name: `kill -9 at a call to the disk, while ${SAVES[name].what} is written over an older one`,
      prove: ({ log }) =>
        inTemporaryFolder(async (cwd) => {
          const left = await killSaves(name, { cwd, kills: 25, seed: SEED, log });
          return ["25 kills", `every file whole: ${left.old} times all old ones, ${left.new} times new ones`];
        }),
    }),
  ),
];
