import type { Part, Section } from "../section.js";
import { formatBytes } from "./bytes.js";
import { ENTRIES, type Installed, installed, packagesBehind } from "./entries.js";
import { NOT_NEEDED } from "./install-scripts.js";
import { faultsOf, withInstallScript } from "./lock-file.js";
import { FOLDERS, installedPackages, readFolder } from "./package-folder.js";
import { runPackageTests } from "./package-tests.js";
import { buildAndPack } from "./reproducible.js";
import { readWorkflows, usesOf, workflowFaults } from "./workflows.js";

const TEXT = `
The entries "tinyconv" and "tinyconv/mnist" import no package. What the others bring is little, comes in exact versions with a
SHA-512 each, runs no script when it is installed, and is justified in [dependencies.md](dependencies.md), package by package.
How a release can be verified, and what the library never does, is in [SECURITY.md](../SECURITY.md).

Behind an entry are the packages that the imports of its built files lead to, and all that npm installs with them on Linux for
x64; the size is that of their files. The lock files are those of the root, of \`test/interop\`, of \`bench/peers\` and of \`trust\`; each of
their packages is looked at. The workflow \`audit\`, which every release waits for, asks the registry for known vulnerabilities
and checks its signatures; its answer changes from day to day, so it is not among these figures.
`;

/** Throws if something is wrong. */
function expectNone(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

function describe({ names, bytes }: Installed): string {
  if (names.length === 0) return "no package";
  const listed = names.length > 12 ? "" : `: ${names.join(", ")}`;
  return `${names.length} package${names.length === 1 ? "" : "s"}, ${formatBytes(bytes)}${listed}`;
}

function entryPart([entry, file]: readonly [string, string]): Part {
  return {
    name: `behind ${entry}`,
    prove: async () => {
      const behind = packagesBehind(file, readFolder("."));
      if (/^"tinyconv(\/mnist)?"$/.test(entry))
        expectNone(behind.names.map((name) => `${file} imports ${name}`));
      return [describe(behind)];
    },
  };
}

export const SUPPLY: Section = {
  name: "supply",
  title: "Supply chain",
  text: TEXT,
  columns: ["what was looked at", "found"],
  parts: [
    ...Object.entries(ENTRIES).map(entryPart),
    {
      name: "the optional peers, all four",
      prove: async () => {
        const root = readFolder(".");
        return [describe(installed(Object.keys(root.manifest.peerDependencies ?? {}), root))];
      },
    },
    {
      name: "lock files",
      prove: async () => {
        const folders = FOLDERS.map(readFolder);
        expectNone(folders.flatMap(faultsOf));
        const count = folders.flatMap(installedPackages).length;
        return [
          `${count} packages in ${folders.length}: each with a SHA-512 and an allowed licence, none with an address`,
        ];
      },
    },
    {
      name: "install scripts",
      prove: async () => {
        const names = [...new Set(FOLDERS.map(readFolder).flatMap(withInstallScript))].sort();
        expectNone(names.filter((name) => !(name in NOT_NEEDED)));
        const root = readFolder(".");
        const { dependencies = {}, peerDependencies = {} } = root.manifest;
        const users = installed([...Object.keys(dependencies), ...Object.keys(peerDependencies)], root).names;
        expectNone(names.filter((name) => users.includes(name)));
        return [
          `none of the ${users.length} packages that users may get has one; ${names.join(", ")} for developers, not needed`,
        ];
      },
    },
    {
      name: "workflows",
      prove: async () => {
        const workflows = readWorkflows();
        expectNone(workflowFaults(workflows));
        const uses = usesOf(workflows);
        const actions = new Set(uses.map(({ action }) => action)).size;
        return [
          `${workflows.length}, with ${uses.length} uses of ${actions} actions, each by the hash of its commit; no secret, no script at installing`,
        ];
      },
    },
    {
      name: "the packed tarball, installed in an empty folder without scripts",
      prove: async () => [`${runPackageTests()} tests pass, which use each entry and the program`],
    },
    {
      name: "built twice, in two folders",
      prove: async ({ log }) => {
        const [first, second] = [buildAndPack("."), buildAndPack(".")];
        log(first.sha256);
        expectNone(first.sha256 === second.sha256 ? [] : [`${first.sha256} is not ${second.sha256}`]);
        return [`the same ${formatBytes(first.bytes)}, bit for bit`];
      },
    },
  ],
};
