/*
 * Benchmarks of the operations and of a whole training step. Products and convolutions are first checked against plain
 * loops, and training steps against a second run from the same seed; only then is anything timed.
 *
 *   npm run --silent bench -- [matmul] [conv2d] [train-step] [--seconds N] [--json]
 */
import { cpus } from "node:os";
import { Argument, Command, InvalidArgumentError } from "commander";
import { formatTable } from "../src/model/table.js";
import { benchConv2D } from "./conv2d.js";
import { benchMatmul } from "./matmul.js";
import { benchTrainStep } from "./train-step.js";

const BENCHMARKS = { matmul: benchMatmul, conv2d: benchConv2D, "train-step": benchTrainStep };
const NAMES = Object.keys(BENCHMARKS) as (keyof typeof BENCHMARKS)[];

const { args, options } = readCommandLine();
const chosen = args.length > 0 ? args : NAMES;
const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown" };
const measurements = chosen.flatMap((name) => BENCHMARKS[name](options.seconds));

if (options.json) {
  console.log(JSON.stringify({ ...machine, measurements }));
} else {
  console.log(`All results are right. One thread, Node ${machine.node}, ${machine.cpu}\n`);
  const rows = measurements.map(({ name, runs, medianMs, minMs, rate, unit }) => [
    name,
    String(runs),
    medianMs.toFixed(3),
    minMs.toFixed(3),
    `${rate.toFixed(unit === "images/s" ? 0 : 2)} ${unit}`,
  ]);
  console.log(formatTable(["benchmark", "runs", "median ms", "min ms", "rate"], rows));
}

function readCommandLine() {
  const program = new Command("bench")
    .addArgument(new Argument("[names...]", "what to measure").choices(NAMES))
    .option("--seconds <n>", "at least so long for each line", parseSeconds, 1)
    .option("--json", "one line of JSON", false)
    .parse();
  return {
    args: program.args as (keyof typeof BENCHMARKS)[],
    options: program.opts<{ seconds: number; json: boolean }>(),
  };
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError("Expected a number of seconds above 0.");
}
