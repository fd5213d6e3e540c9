/*
 * Training and inference of the three networks: each is first verified, then timed.
 *
 *   npm run --silent bench -- [--net reference|lenet|compact] [--threads N] [--backend simd|plain] [--seconds N] [--json]
 *
 * This runs the built package, which the npm script makes first.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Backend, currentBackend } from "tinyconv";
import { NETWORKS, type NetworkName } from "tinyconv/mnist";
import { formatTable } from "../src/model/table.js";
import type { Report, Task } from "./task.js";

interface Options extends Omit<Task, "net"> {
  readonly net?: NetworkName;
  readonly json: boolean;
}

const { json, net, ...options } = readCommandLine();
const reports: Report[] = [];
for (const name of net === undefined ? NETWORKS : [net]) {
  const task: Task = { net: name, ...options };
  runScript("verify.ts", task);
  reports.push(JSON.parse(runScript("time.ts", task)) as Report);
  if (json) console.log(JSON.stringify(reports.at(-1)));
}
if (!json) printTable(reports);

/** What one of the scripts beside this one prints for a task, in a process of its own; if it fails, so do we. */
function runScript(file: string, task: Task): string {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, path, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) process.exit(1); // its error is on the terminal already
  return stdout;
}

function printTable(reports: readonly Report[]): void {
  const { backend, threads } = options;
  const machine = `Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}`;
  console.log(`All results are right. Backend ${backend}, threads ${threads}, ${machine}\n`);
  const heading = [
    "batch 100",
    "train images/s",
    "infer images/s",
    "one image ms",
    "train GFLOP/s",
    "bare tile",
    "peak MB",
  ];
  const rows = reports.map((report) => [
    report.net,
    report.trainImagesPerSecond.toFixed(0),
    report.inferImagesPerSecond.toFixed(0),
    report.inferMs.toFixed(3),
    report.gflops.toFixed(1),
    report.peakTileGflops.toFixed(1),
    report.peakRssMb.toFixed(0),
  ]);
  console.log(formatTable(heading, rows));
}

function readCommandLine(): Options {
  return new Command("bench")
    .addOption(new Option("--net <name>", "one network").choices(NETWORKS))
    .option("--threads <n>", "threads that share the work", parseThreads, availableParallelism())
    .addOption(
      new Option("--backend <name>", "what to compute with")
        .choices(["simd", "plain"] satisfies Backend[])
        .default(currentBackend()),
    )
    .option("--seconds <n>", "at least so long for each timing", parseSeconds, 5)
    .option("--json", "one line of JSON for each network", false)
    .parse()
    .opts<Options>();
}

function parseThreads(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new InvalidArgumentError("Expected a whole number of threads, 1 or more.");
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError("Expected a number of seconds above 0.");
}
