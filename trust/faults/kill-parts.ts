import type { Part } from "../section.js";
import { killSaves } from "./kill-saves.js";
import { killSavings } from "./kill-saving.js";
import { killTrainings } from "./kill-training.js";
import { SAVES } from "./saves.js";
import { sideBySide } from "./side-by-side.js";
import { inTemporaryFolder } from "./temporary-folder.js";

const SEED = Number(process.env.FAULTS_SEED ?? 1);

/** Kills, by the moment, in so many runs. */
interface Kills {
  readonly runs: number;
  readonly kills: readonly (readonly [moment: string, times: number])[];
}

/** Kills in two folders side by side, with seeds of their own; gives the cells for both together. */
async function inTwoLanes(kill: (cwd: string, seed: number) => Promise<Kills>): Promise<string[]> {
  const lanes = await sideBySide([2 * SEED - 1, 2 * SEED], 2, (seed) =>
    inTemporaryFolder((cwd) => kill(cwd, seed)),
  );
  const count = new Map<string, number>();
  for (const [moment, times] of lanes.flatMap(({ kills }) => kills))
    count.set(moment, (count.get(moment) ?? 0) + times);
  const sum = [...count.values()].reduce((sum, times) => sum + times);
  const runs = lanes.reduce((sum, lane) => sum + lane.runs, 0);
  const moments = [...count].map(([moment, times]) => `${times} ${moment}`);
  return [`${sum} kills`, `${moments.join(", ")}; all ${runs} runs ended with the bits of one left alone`];
}

/** The parts in which processes are killed. */
export const KILL_PARTS: readonly Part[] = [
  {
    name: "kill -9 at a random moment of a training",
    prove: ({ log }) =>
      inTwoLanes(async (cwd, seed) => {
        const { runs, kills } = await killTrainings({ cwd, kills: 100, seed, log });
        return { runs, kills: Object.entries(kills) };
      }),
  },
  {
    name: "kill -9 at a call to the disk, in a training that saves after every step",
    prove: ({ log }) =>
      inTwoLanes(async (cwd, seed) => {
        const { runs, kills } = await killSavings({ cwd, kills: 50, seed, log });
        return { runs, kills: [...kills].map(([name, times]) => [`at ${name}`, times] as const).sort() };
      }),
  },
  ...(["model", "submission", "tables", "report"] as const).map(
    (name): Part => ({
      name: `kill -9 at a call to the disk, in saving ${SAVES[name].what} over an older one`,
      prove: ({ log }) =>
        inTemporaryFolder(async (cwd) => {
          const left = await killSaves(name, { cwd, kills: 25, seed: SEED, log });
          return ["25 kills", `every file whole: ${left.old} times all old ones, ${left.new} times new ones`];
        }),
    }),
  ),
];
