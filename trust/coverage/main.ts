/*
 * Counts the branches of src that the tests take, and fails if they are less than 95 of 100.
 *
 *   npm run coverage              runs the tests, lists the branches that none takes, and their share, file by file
 *   npm run coverage -- test/cli  runs some tests only, to see what they take, at any share
 *   npm run coverage -- --again   lists them from the last run
 */
import { Command } from "commander";
import { measureCoverage, readCoverage } from "./measure.js";
import { count, LEAST, percent, untaken } from "./summary.js";

const program = new Command("coverage")
  .description("Counts the branches of src that the tests take.")
  .argument("[tests...]", "only these tests")
  .option("--again", "list those of the last run", false)
  .action(async (tests: string[], { again }: { again: boolean }) => {
    const files = again ? await readCoverage(".") : await measureCoverage(".", console.log, tests);
    for (const line of untaken(files)) console.log(line);
    for (const each of files) {
      const { taken, all } = count([each]);
      if (taken < all)
        console.log(`${String(percent({ taken, all })).padStart(5)} %  ${taken}/${all}  ${each.file}`);
    }
    const { taken, all } = count(files);
    console.log(`${percent({ taken, all })} % of the branches: ${taken} of ${all}, in ${files.length} files`);
    if (tests.length === 0 && percent({ taken, all }) < LEAST) {
      console.error(`Expected at least ${LEAST} %.`);
      process.exitCode = 1;
    }
  });
await program.parseAsync();
