/*
 * Measures the packages that tinyconv asks for, by the lock files and the registry, and writes docs/dependencies.md.
 *
 *   npm run dependencies            measures what is new or has another version
 *   npm run dependencies -- --all   measures everything anew
 *   npm run dependencies -- --page  only writes the page, of the figures that are there
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { dependenciesPage } from "./dependencies-page.js";
import { type Figures, measure, requested } from "./figures.js";
import { FOLDERS, readFolder } from "./package-folder.js";

const FIGURES = "trust/supply/figures.json";

interface Options {
  readonly all: boolean;
  readonly page: boolean;
}

new Command("dependencies")
  .description("Measures the packages that tinyconv asks for, and writes docs/dependencies.md.")
  .option("--all", "measure everything anew", false)
  .option("--page", "measure nothing, and write the page", false)
  .action(({ all, page }: Options) => {
    const before = JSON.parse(readFileSync(FIGURES, "utf8")) as readonly Figures[];
    const after = page ? before : measureAll(all ? [] : before);
    writeFileSync(FIGURES, `${JSON.stringify(after, undefined, 2)}\n`);
    writeFileSync("docs/dependencies.md", dependenciesPage(after));
  })
  .parse();

function measureAll(known: readonly Figures[]): Figures[] {
  const today = new Date();
  return FOLDERS.map(readFolder).flatMap((folder) =>
    requested(folder).map(({ name, kind }) => {
      const version = folder.lock.packages[`node_modules/${name}`]?.version;
      const found = known.find(
        (other) => other.name === name && other.folder === folder.path && other.version === version,
      );
      console.log(`${folder.path}: ${name} ${version}${found ? ": known" : ""}`);
      return found ?? measure(name, kind, folder, today);
    }),
  );
}
