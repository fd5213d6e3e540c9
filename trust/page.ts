import type { Results, ResultsFolder } from "./results.js";
import type { Section } from "./section.js";

const INTRODUCTION = `# Why you can trust the numbers

Each section says what is claimed, and has a command that proves it anew and writes its figures here; a short form of each is
among the tests. A section that is stopped goes on where it was, when its command is given again; with \`--fresh\` it begins anew.

Two backends compute: *plain*, in TypeScript, and *SIMD*, in WebAssembly, whose functions are called the kernels.
\`reference\`, \`lenet\` and \`compact\` are the networks for MNIST, of [src/mnist/networks.ts](../src/mnist/networks.ts).

\`npm run trust\` lists the sections, and tells of which the figures are of a source that is no longer the present one: below each
table stands a hash of the \`src\` that it is of. \`npm run trust -- page\` writes this page from the results in \`trust/results\`.
`;

/** docs/trust.md: the sections, each with the table of its results. */
export function trustPage(sections: readonly Section[], folder: ResultsFolder): string {
  return [INTRODUCTION, ...sections.map((section) => sectionText(section, folder.read(section.name)))].join(
    "\n",
  );
}

function sectionText(section: Section, results: Results): string {
  return `## ${section.title}\n\n${section.text.trim()}\n\n${tableText(section, results)}\n${footText(section, results)}\n`;
}

function tableText({ columns, parts }: Section, results: Results): string {
  const rows = parts.map(({ name }) => [name, ...(results[name]?.cells ?? columns.slice(1).map(() => "–"))]);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("");
}

/** The command, and when, on what, how long and of which source it ran. */
function footText({ name, parts }: Section, results: Results): string {
  const done = parts.flatMap((part) => results[part.name] ?? []);
  const command = `\`npm run trust -- ${name}\``;
  if (done.length === 0) return `${command}: not run yet.`;
  const each = (key: "source" | "date" | "node" | "machine"): string =>
    [...new Set(done.map((result) => result[key]))].join(", ");
  const minutes = Math.ceil(done.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
  return `${command}: ${each("date")}, Node ${each("node")}, ${each("machine")}; ${minutes} min; source ${each("source")}.`;
}
