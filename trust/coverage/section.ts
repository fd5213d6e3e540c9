import { resolve } from "node:path";
import { formatCount } from "../../src/node/numbers.js";
import type { Part, Section } from "../section.js";
import { proveCoverage, type Share } from "./prove.js";

const ROOT = resolve(import.meta.dirname, "..", "..");

/** The folders with branches, after all of them together. */
export const FOLDERS = [
  "src",
  "src/cli",
  "src/formats",
  "src/layers",
  "src/mnist",
  "src/model",
  "src/node",
  "src/optim",
  "src/tensor",
] as const;

let measured: Promise<readonly Share[]> | undefined;

/** The share of a folder: the tests run once for all of them. */
function part(folder: string): Part {
  return {
    name: folder === "src" ? "all of `src`" : `\`${folder}\``,
    prove: async ({ log }) => {
      measured ??= proveCoverage(ROOT, log);
      const share = (await measured).find((each) => each.folder === folder);
      if (!share) throw new Error(`branches: expected branches in ${folder}, got none.`);
      return [formatCount(share.all), formatCount(share.taken), `${share.percent.toFixed(1)} %`];
    },
  };
}

/** Which branches of the source the tests take. */
export const BRANCHES: Section = {
  name: "branches",
  title: "Tests that go everywhere",
  text: `
Of the branches of \`src\` (both ways of an \`if\` and of \`? :\`, the right sides of \`&&\`, \`||\` and \`??\`, the cases of a \`switch\`,
and defaults of arguments) the tests have to take at least 95 %. What the browser and the tests of other runtimes take is not
counted. The tests run the sources, and start processes and worker threads that run the built package: what those take is found
by the source maps. \`npm run coverage\` lists each branch that no test takes, and the workflow \`ci\` runs it on every push.`,
  columns: ["folder", "branches", "taken", "share"],
  parts: FOLDERS.map(part),
};
