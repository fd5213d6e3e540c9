import { formatBytes } from "./bytes.js";
import type { Figures } from "./figures.js";
import { JUSTIFICATIONS, type Justification, PURPOSES } from "./purposes.js";

const INTRODUCTION = `# What tinyconv depends on

The entries "tinyconv" and "tinyconv/mnist" import no package, and nothing of Node: \`test/package.test.ts\` follows every import of the
packed files. "tinyconv/onnx" imports one package, which has no dependencies. Only what reads files and runs in a terminal
brings more, and the large packages are optional peers: nobody installs them who does not ask for them.

No package needs its install script, and none that users get has one. Every version is exact, and every package in the four lock files has its
SHA-512. Licences, hashes, scripts and this page are checked by the tests (\`test/trust/supply*.test.ts\`).

\`npm run dependencies\` measures what is below by the lock files and the registry, and writes this page. Sizes are those of the tarball and of
the files in it. What a package brings is what npm installs with it on Linux for x64. Releases are those of the year before the
day of the measurement, without trial versions. Some mirrors of the registry date a version by when they first fetched it, so
a day more than a year back may be late.
`;

const FOOT = `
## What is not here

- Node itself, and in tests Chromium, Firefox and PyTorch, are those of the machine.
- The workflows use actions of GitHub's own and no others, each by the hash of a commit.
- \`npm audit\` and \`npm audit signatures\` run in the workflow \`audit\`, on each change of a lock file, every Monday and before each
  release; what they say changes from day to day, so no figure of theirs stands here.
`;

/** docs/dependencies.md. */
export function dependenciesPage(figures: readonly Figures[]): string {
  const of = (kind: Figures["kind"], folder: string): Figures[] =>
    figures.filter((each) => each.kind === kind && each.folder === folder);
  return [
    INTRODUCTION,
    "## Runtime dependencies\n\nnpm installs them with tinyconv.\n",
    ...of("dependency", ".").map(justified),
    `## Optional peers\n\nLoaded when they are needed; where one is missing, the error says how to install it.\n`,
    ...of("peer", ".").map(justified),
    "## What developers install\n\nNothing here reaches a user. The optional peers are installed too.\n",
    ...[
      [".", "The root, for building, testing and the playground:"],
      ["test/interop", "`test/interop`, other readers of what tinyconv writes:"],
      ["bench/peers", "`bench/peers`, the libraries that tinyconv is timed against:"],
      ["trust", "`trust`, for the proofs of [trust.md](trust.md):"],
    ].map(([folder, text]) => `${text}\n\n${developmentTable(of("development", folder!))}`),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n", FOOT);
}

/** The section of a package that users install. */
function justified(figures: Figures): string {
  const { name, version, licence, size, scripts, latest, latestDate, releases, repository } = figures;
  const { entries, purpose, why, upkeep, replacement } = justificationOf(name);
  const rows = [
    ["for", entries],
    ["version, licence", `${version}, ${licence.replace(/^\((.*)\)$/, "$1")}`],
    ["size", `${formatBytes(size.packed)} packed, ${formatBytes(size.unpacked)} unpacked`],
    ["brings", broughtText(figures)],
    ["install scripts", scripts.length === 0 ? "none" : scripts.join(", ")],
    ["latest release", `${latest}, ${latestDate}; ${releases} in the last year`],
    ...(repository ? [["repository", `<${repository}>`]] : []),
  ];
  return `### ${name}

| | |
| --- | --- |
${rows.map(([key, value]) => `| ${key} | ${value} |`).join("\n")}

- **What for**: ${purpose}
- **Why not our own code**: ${why}
- **Who keeps it**: ${upkeep}
- **In its place, if need be**: ${replacement}

Measured on ${figures.date}.
`;
}

/** Names of packages in a list that is longer; a package that is brought in two versions is named once. */
const SHOWN = 8;

function broughtText({ brings }: Figures): string {
  if (brings.length === 0) return "nothing";
  const unpacked = brings.reduce((sum, each) => sum + (each.unpacked ?? 0), 0);
  const count = brings.length;
  const names = [...new Set(brings.map(({ name }) => name))].sort();
  const listed = count > SHOWN ? `${names.slice(0, SHOWN).join(", ")} and others` : names.join(", ");
  return `${count} package${count === 1 ? "" : "s"}, ${formatBytes(unpacked)} unpacked: ${listed}`;
}

function justificationOf(name: string): Justification {
  const found = JUSTIFICATIONS[name];
  if (!found)
    throw new Error(
      `dependenciesPage: expected a justification of ${name} in trust/supply/purposes.ts, got none.`,
    );
  return found;
}

function developmentTable(packages: readonly Figures[]): string {
  const rows = packages.map((figures) => {
    const { name, version, licence, size, brings, scripts, latestDate, releases } = figures;
    const purpose = PURPOSES[name];
    if (!purpose)
      throw new Error(
        `dependenciesPage: expected a purpose of ${name} in trust/supply/purposes.ts, got none.`,
      );
    const script = scripts.length === 0 ? "" : `; ${scripts.join(", ")} with a script that is not needed`;
    return [
      `${name} ${version}`,
      purpose,
      licence,
      formatBytes(size.unpacked),
      `${brings.length}${script}`,
      `${latestDate}; ${releases}`,
    ];
  });
  const heading = ["package", "what for", "licence", "unpacked", "brings", "latest release; in a year"];
  const dates = [...new Set(packages.map(({ date }) => date))].sort().join(", ");
  return `${[heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("")}\nMeasured on ${dates}.\n`;
}
