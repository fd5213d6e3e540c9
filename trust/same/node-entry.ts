/* Run by Node: trains as its first argument says, on the digits in the file of its second, and prints what came out. */
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { trainAndHash } from "./train-and-hash.js";
import type { Training } from "./training.js";

const [training, digits] = process.argv.slice(2);
const trained = await trainAndHash(
  JSON.parse(training!) as Training,
  readFileSync(digits!),
  Worker.prototype,
);
console.log(JSON.stringify(trained));
