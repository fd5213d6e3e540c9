import { setBackend } from "../../src/index.js";
import type { Part, Section } from "../section.js";
import { ENTRIES, type Entry, publicFunctions } from "./entries.js";
import { fuzzCalls } from "./fuzz-calls.js";
import { fuzzReader } from "./readers/fuzz-reader.js";
import type { Reader } from "./readers/reader.js";
import { removeReadFiles } from "./readers/runs.js";
import { READERS } from "./readers.js";

const CALLS = 1000;
const FILES = 100_000;
/** Of readers that take milliseconds for a file. */
const FEW_FILES = 10_000;
const SEED = 1;

const TEXT = `
Whoever calls a public function with something that it cannot take is told by an error of the library's own which function
and which argument it was, and nothing has changed. Whoever gives a damaged file to a reader gets what is in it or is told
where, what was expected and what came.

**Calls.** Every function, constructor, method and accessor of three entries is in a list with an example of its arguments (a test
compares the list with what the entries export, so that none is forgotten). One to four places in the arguments, an option
deep inside or the whole, get another value: numbers of all kinds and sizes, texts, symbols, functions, lists that are sparse, nested, ragged,
endless or their own element, arrays of another type, shared or transferred, tensors of other shapes, objects of other classes,
promises, getters and proxies that throw, options with fields too many or too few. A call is *refused* if it throws a message that
begins with the function's name (or that of the function that it hands its arguments on to), names one of the arguments
that were replaced, or says what it should have been where no other is of that kind, and has the form "expected X, got Y". Then what it was called on
(weights, predictions and steps of a model, state of an optimizer, shown numbers of a generator) has to be the same, and a right call has to succeed.
Errors that the caller's own getters and functions throw are *passed on* as they are. Anything else fails: an engine's own
message, another error, more than 256 MB. In the entry "tinyconv", \`build\` of the layers and the methods of
\`EarlyStopping\` that \`fit\` calls are left out, as is \`ShapeError\`; a huge \`epochs\`, or \`n\` of an order, would be a request like any other and is not
tried. The functions of "tinyconv/node" are not among the calls: what they read is, below.

**Files.** Small files with everything that there can be in one get one to four faults: flipped bits, cut ends, pieces that are gone,
doubled, exchanged or of another file, numbers at the edges of their types, other words and numbers in text. Each is read, and is
the same when it is written and read again, or is refused; no more memory is taken than 20 times the file and 6 MB (64 MB and more
where a file is unpacked). \`readTrainCsv\` and \`readTestCsv\` read every file in both ways that they have, which have to agree. Pictures
are left to sharp, which decodes them.

All is computed in plain TypeScript, in memory that the engine counts.
`;

const figure = (number: number): string => number.toLocaleString("en-US");

function callsPart({ name, exports, targets, exceptions }: Entry): Part {
  return {
    name: `calls of "${name}"`,
    prove: async ({ log }) => {
      setBackend("plain");
      const functions = publicFunctions(exports).length - Object.keys(exceptions).length;
      const sum = { returned: 0, refused: 0, "passed on": 0 };
      for (const [i, target] of targets.entries()) {
        if (i % 20 === 0) log(`${i} of ${targets.length} functions`);
        const counts = await fuzzCalls(target, { calls: CALLS, seed: SEED });
        for (const outcome of ["returned", "refused", "passed on"] as const) sum[outcome] += counts[outcome];
      }
      const calls = sum.returned + sum.refused + sum["passed on"];
      return [
        `${figure(functions)} functions, ${figure(calls)} calls`,
        figure(sum.returned),
        figure(sum.refused),
        figure(sum["passed on"]),
        "0",
      ];
    },
  };
}

function readerPart(reader: Reader): Part {
  return {
    name: `files for ${reader.name}`,
    prove: async ({ log }) => {
      setBackend("plain");
      const { files, read, refused } = await fuzzReader(reader, {
        files: reader.isSlow ? FEW_FILES : FILES,
        seed: SEED,
        log,
      });
      await removeReadFiles();
      return [`${figure(files)} files`, figure(read), figure(refused), "–", "0"];
    },
  };
}

export const INPUT: Section = {
  name: "input",
  title: "Under bad input",
  text: TEXT,
  columns: ["what", "tried", "returned or read", "refused", "passed on", "failures"],
  parts: [...ENTRIES.map(callsPart), ...READERS.map(readerPart)],
};
