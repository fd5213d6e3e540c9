import process from "node:process";
import { runExercises } from "./run.js";

const { stdout, stderr } = process;
process.exitCode = await runExercises(process.argv.slice(2), {
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
});
