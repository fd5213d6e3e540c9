/*
 * Times tinyconv and its peers in turn, and prints one table in Markdown; see README.md.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { createNetwork, NETWORKS } from "../../src/mnist/index.js";
import { CONTESTANTS, type Programs } from "./contestants.js";
import { run } from "./run.js";
import { type Entry, formatRows, TABLE_HEAD } from "./table.js";
import { BATCH_SIZE, type Task } from "./task.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "5" },
    threads: { type: "string", default: "1,2" },
    net: { type: "string", default: NETWORKS.join(",") },
    only: { type: "string", default: CONTESTANTS.map(({ name }) => name).join(",") },
    node: { type: "string", default: process.execPath },
  },
});
const rounds = positive("--rounds", values.rounds);
const seconds = positive("--seconds", values.seconds);
const programs: Programs = { node: values.node, python: process.env.PYTHON ?? "/usr/bin/python3" };
const contestants = chosen("--only", values.only, CONTESTANTS, ({ name }) => name);
const nets = chosen("--net", values.net, NETWORKS, (name) => name);
const threadCounts = values.threads.split(",").map((text) => positive("--threads", text));

// other programs slow libraries down unevenly: threads that wait for each other lose most
const load = loadavg()[0]!.toFixed(1);
console.log(TABLE_HEAD);
for (const net of nets) {
  for (const threads of threadCounts) {
    const model = createNetwork(net, { seed: 1 });
    const parameters = model.parameters.reduce((sum, { value }) => sum + value.size, 0);
    const task: Task = { net, config: model.config(), parameters, threads, seconds, batchSize: BATCH_SIZE };
    const group = contestants
      .filter((contestant) => threads === 1 || contestant.threads)
      .map((contestant): Entry => ({ net, threads, contestant, outcomes: [] }));
    for (let round = 1; round <= rounds; round++) {
      for (const { contestant, outcomes } of group) {
        process.stderr.write(`${net}, threads ${threads}, round ${round}: ${contestant.name}\n`);
        outcomes.push(run(contestant, task, programs));
      }
    }
    console.log(formatRows(group));
  }
}

const { stdout: nodeVersion } = spawnSync(programs.node, ["--version"], { encoding: "utf8" });
const args = process.argv.slice(2).join(" ");
console.log(`
Batch ${BATCH_SIZE}, Adam, float32. Medians of ${rounds} rounds of at least ${seconds} s, the libraries in turn; in brackets
how many times as fast tinyconv is. ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load average ${load} at
the start; Node ${nodeVersion.trim()};
${new Date().toISOString().slice(0, 10)}; \`npm start${args && ` -- ${args}`}\` in bench/peers.`);

function positive(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value) && (option === "--seconds" || Number.isInteger(value)))
    return value;
  throw new RangeError(`${option}: expected a number above 0, got ${text}.`);
}

function chosen<T>(option: string, text: string, all: readonly T[], nameOf: (one: T) => string): T[] {
  const names = all.map(nameOf);
  return text.split(",").map((name) => {
    const found = all[names.indexOf(name)];
    if (found === undefined)
      throw new RangeError(`${option}: expected some of ${names.join(", ")}, got ${name}.`);
    return found;
  });
}
