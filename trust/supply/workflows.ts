import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = ".github/workflows";

/** What jobs may do besides reading the repository. */
const MAY_WRITE: readonly string[] = [
  "pages.yml: pages: write",
  "pages.yml: id-token: write", // by which Pages knows the workflow
  "release.yml: id-token: write", // by which the registry knows the workflow, in place of a password
];

/** A line that takes an action of others. */
export interface Use {
  readonly file: string;
  readonly action: string;
  readonly version: string;
}

/** A workflow of GitHub: its name and its text. */
export interface Workflow {
  readonly file: string;
  readonly text: string;
}

export function readWorkflows(): Workflow[] {
  return readdirSync(FOLDER).map((file) => ({ file, text: readFileSync(join(FOLDER, file), "utf8") }));
}

/** The actions that workflows take from others, with what stands behind the @. */
export function usesOf(workflows: readonly Workflow[]): Use[] {
  return workflows.flatMap(({ file, text }) =>
    [...text.matchAll(/^\s*(?:- )?uses: ([^@\s]+)(?:@(.*))?$/gm)]
      .map(([, action, version = ""]) => ({ file, action: action!, version }))
      .filter(({ action }) => !action.startsWith("./")),
  );
}

/** What is wrong with workflows; nothing, if they are as docs/dependencies.md says. */
export function workflowFaults(workflows: readonly Workflow[]): string[] {
  return [
    ...useFaults(usesOf(workflows)),
    ...workflows.flatMap(permissionFaults),
    ...workflows.flatMap(runFaults),
  ];
}

/** Every action is named by the hash of its commit, with its version beside it, and by one hash everywhere. */
function useFaults(uses: readonly Use[]): string[] {
  const notPinned = uses
    .filter(({ version }) => !/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(version))
    .map(
      ({ file, action, version }) => `${file}: ${action}: expected a hash and "# v1.2.3", got "${version}"`,
    );
  const versions = new Map<string, Set<string>>();
  for (const { action, version } of uses) {
    versions.set(action, (versions.get(action) ?? new Set()).add(version));
  }
  const several = [...versions].filter(([, each]) => each.size > 1);
  return [...notPinned, ...several.map(([action, each]) => `${action}: in ${each.size} versions`)];
}

/** A workflow reads, and no more, but for the jobs that are allowed to. */
function permissionFaults({ file, text }: Workflow): string[] {
  const first = /^permissions:\n {2}contents: read\n(?! )/m.test(text)
    ? []
    : [`${file}: expected "permissions: contents: read" for all its jobs`];
  const granted = [...text.matchAll(/^\s*((?:[\w-]+: write|permissions: \S+).*)$/gm)]
    .map(([, what]) => `${file}: ${what}`)
    .filter((grant) => !MAY_WRITE.includes(grant))
    .map((grant) => `${grant} is not on the list`);
  return [...first, ...granted];
}

/** No install script runs, no credentials stay on the disk, no secret is used, and no text of strangers gets into a command. */
function runFaults({ file, text }: Workflow): string[] {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const faults: string[] = [];
  if (/\bnpm (?:ci|install|i)\b(?!.*--ignore-scripts)/.test(text)) faults.push("installs with scripts");
  if (count(/actions\/checkout@/g) !== count(/persist-credentials: false/g)) faults.push("keeps credentials");
  if (/\bsecrets\b/.test(text)) faults.push("uses a secret");
  if (/pull_request_target|workflow_run/.test(text)) faults.push("runs with rights on what strangers send");
  if (/\$\{\{[^}]*\bgithub\.(?:event|head_ref)/.test(text)) faults.push("takes text of an event");
  return faults.map((fault) => `${file}: ${fault}`);
}
