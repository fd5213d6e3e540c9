import { availableParallelism } from "node:os";
import { formatCount } from "../../src/node/numbers.js";
import type { Part, Section } from "../section.js";
import { HAS_STRYKER, runStryker, STRYKER_REMEDY } from "./stryker.js";
import { knownSurvivors, reasonsText, scoreOf, unexplained } from "./survivors.js";

/** The share of mutants that has to be killed. */
const LEAST_SCORE = 0.9;

const known = knownSurvivors();

/** The mutants of a folder against its own tests. */
function part(name: string, folder: string): Part {
  return {
    name,
    prove: async ({ log, fresh }) => {
      if (!HAS_STRYKER) throw new Error(`mutants: expected Stryker, got none. ${STRYKER_REMEDY}`);
      const report = await runStryker(folder, {
        mutate: [`src/${folder}/*.ts`],
        tests: [`test/${folder}/*.test.ts`],
        concurrency: availableParallelism(),
        incremental: true,
        force: fresh,
        log,
      });
      const { mutants, killed, survived } = scoreOf(report);
      const gaps = unexplained(survived, known);
      if (gaps.length > 0) {
        throw new Error(`mutants: expected a reason for each survivor, got none for ${JSON.stringify(gaps)}`);
      }
      const score = killed / mutants;
      if (score < LEAST_SCORE) {
        throw new Error(`mutants: expected ${LEAST_SCORE} of them to be killed, got ${score}.`);
      }
      return [
        String(Object.keys(report.files).length),
        formatCount(mutants),
        formatCount(killed),
        String(survived.length),
        `${(100 * score).toFixed(1)} %`,
      ];
    },
  };
}

/** Mutation tests of the layers, the optimizers and the plain operations. */
export const MUTANTS: Section = {
  name: "mutants",
  title: "Tests that catch",
  text: `
A test is worth what it catches. [Stryker](https://stryker-mutator.io) changes the source in one place at a time (another
operator, a condition that is always true, an empty block, an empty text of an error) and runs the tests against each such
mutant: those of \`test/layers\` for \`src/layers\`, and so on. A mutant is killed if a test fails, or if the tests never come to an
end; one that cannot be loaded is not counted. At least 90 % have to be killed, in each folder, and each one that survives has
to stand in [trust/mutants/survivors.json](../trust/mutants/survivors.json) with the reason; a survivor that does not, fails
this section. A line of that list stands for all places of a file that have the same code and the same change. The reasons, with
the number of their lines:

${reasonsText(known)}

\`npm run trust -- mutants --fresh\` tries every mutant, which takes about 40 minutes. Without \`--fresh\`, what an earlier run left
in \`build/mutants\` is taken over for each mutant whose own code is as it was, and the tests with it; a change in the helpers of
the tests, or elsewhere in the source, is not noticed. The time below may be that of such a run. The short form, among the tests,
mutates three small files.`,
  columns: ["mutated", "files", "mutants", "killed", "survived", "score"],
  parts: [
    part("src/layers", "layers"),
    part("src/optim", "optim"),
    part("src/tensor, the plain operations", "tensor"),
  ],
};
