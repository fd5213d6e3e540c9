/*
 * Proves what docs/trust.md claims, section by section, and writes its figures there.
 *
 *   npm run trust                          lists the sections, and whether their figures are of the source as it is
 *   npm run trust -- SECTION [--fresh]     proves one; a run that was stopped goes on where it was
 *   npm run trust -- page                  writes docs/trust.md from the results that are there
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { trustPage } from "./page.js";
import { ResultsFolder } from "./results.js";
import { runSection } from "./run-section.js";
import { SECTIONS } from "./sections.js";
import { sourceHash } from "./source-hash.js";

const ROOT = resolve(import.meta.dirname, "..");
const results = new ResultsFolder(resolve(ROOT, "trust/results"));
const source = sourceHash(resolve(ROOT, "src"));
const progress = new ResultsFolder(resolve(ROOT, "build/trust"));

const program = new Command("trust").description("Proves what docs/trust.md claims.").action(() => {
  for (const { name, title, parts } of SECTIONS) {
    const found = results.read(name);
    const isPresent = parts.every((part) => found[part.name]?.source === source);
    console.log(`${name.padEnd(10)} ${title}${isPresent ? "" : " (figures of another source)"}`);
  }
});
for (const section of SECTIONS) {
  program
    .command(section.name)
    .description(section.title)
    .option("--fresh", "from the beginning, whatever an earlier run had done", false)
    .action(async ({ fresh }: { fresh: boolean }) => {
      await runSection(section, { progress, results, source, fresh, log: (line) => console.log(line) });
      writePage();
    });
}
program.command("page").description("Writes docs/trust.md.").action(writePage);
await program.parseAsync();

function writePage(): void {
  writeFileSync(resolve(ROOT, "docs/trust.md"), trustPage(SECTIONS, results));
}
