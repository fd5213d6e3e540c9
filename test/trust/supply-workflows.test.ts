import { expect, test } from "vitest";
import { readWorkflows, usesOf, type Workflow, workflowFaults } from "../../trust/supply/workflows.js";

const workflows = readWorkflows();

test("the workflows pin every action to a commit, may only read, and install without scripts", () => {
  expect(workflowFaults(workflows)).toEqual([]);
  expect(usesOf(workflows).length).toBeGreaterThan(5);
  expect(workflows.map(({ file }) => file).sort()).toEqual([
    "audit.yml",
    "ci.yml",
    "pages.yml",
    "release.yml",
  ]);
});

const HASH = "1af3b93b6815bc44a9784bd300feb67ff0d1eeb3";
const GOOD = `permissions:
  contents: read

jobs:
  a:
    steps:
      - uses: actions/checkout@${HASH} # v6.0.0
        with:
          persist-credentials: false
      - run: npm ci --ignore-scripts
`;

function faults(text: string): string[] {
  const workflow: Workflow = { file: "a.yml", text };
  return workflowFaults([workflow]);
}

test("a workflow like that has no fault, also where it calls another of the repository", () => {
  expect(faults(GOOD)).toEqual([]);
  expect(faults(`${GOOD}  b:\n    uses: ./.github/workflows/ci.yml\n`)).toEqual([]);
});

test.each([
  ["no version", ` # v6.0.0`, "", `a.yml: actions/checkout: expected a hash and "# v1.2.3", got "${HASH}"`],
  [
    "no hash",
    `@${HASH} # v6.0.0`,
    "@v6",
    'a.yml: actions/checkout: expected a hash and "# v1.2.3", got "v6"',
  ],
  ["nothing", `@${HASH} # v6.0.0`, "", 'a.yml: actions/checkout: expected a hash and "# v1.2.3", got ""'],
  ["scripts", "npm ci --ignore-scripts", "npm ci", "a.yml: installs with scripts"],
  ["scripts by i", "npm ci --ignore-scripts", "npm i -g npm", "a.yml: installs with scripts"],
  ["credentials", "persist-credentials: false", "clean: true", "a.yml: keeps credentials"],
  [
    "no permissions",
    "contents: read",
    "contents: none",
    'a.yml: expected "permissions: contents: read" for all its jobs',
  ],
  [
    "more of them",
    "  contents: read\n",
    "  contents: read\n  issues: write\n",
    'a.yml: expected "permissions: contents: read" for all its jobs',
  ],
  [
    "more in a job",
    "  a:\n",
    "  a:\n    permissions:\n      packages: write\n",
    "a.yml: packages: write is not on the list",
  ],
  [
    "all in a job",
    "  a:\n",
    "  a:\n    permissions: write-all\n",
    "a.yml: permissions: write-all is not on the list",
  ],
  ["a secret", "npm ci", `TOKEN=\${{ secrets.TOKEN }} npm ci`, "a.yml: uses a secret"],
  ["a title", "npm ci", `echo \${{ github.event.issue.title }}; npm ci`, "a.yml: takes text of an event"],
  ["strangers", "jobs:", "on: pull_request_target\njobs:", "a.yml: runs with rights on what strangers send"],
])("a fault is found: %s", (_, from, to, fault) => {
  expect(GOOD).toContain(from);
  expect(faults(GOOD.replace(from, () => to))).toContain(fault);
});

test("one action in two versions is found", () => {
  const other = GOOD.replace("# v6.0.0", "# v6.0.1");
  expect(faults(GOOD + other)).toContain("actions/checkout: in 2 versions");
});
