import { setBackend } from "../../src/index.js";
import type { Part, Section } from "../section.js";
import { ENTRIES, type Entry, publicFunctions } from "./entries.js";
import { callsOf, fuzzCalls } from "./fuzz-calls.js";
import { fuzzReader } from "./readers/fuzz-reader.js";
import type { Reader } from "./readers/reader.js";
import { READERS } from "./readers.js";
import { removeTemporaryFolder } from "./temporary-folder.js";

const CALLS = 1000;
const FILES = 100_000;
/** Of readers that take many milliseconds for a file. */
const FEW_FILES = 10_000;
const SEED = 1;

const figure = (number: number): string => number.toLocaleString("en-US");

const slow = ENTRIES.flatMap(({ targets }) => targets.filter(({ share = 1 }) => share < 1));
const SLOW = slow.map((target) => `, \`${target.name}\` ${figure(callsOf(target, CALLS))} times`).join("");

const TEXT = `
Whoever calls a public function with something that it cannot take is told by an error of the library's own which function
and which argument it was, and nothing has changed. Whoever gives a damaged file to a reader gets what is in it or is told
where, what was expected and what came.

**Calls.** Every function, constructor, method and accessor of the four entries is in a list with an example of its arguments (a test
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
tried. In "tinyconv/node" the constructor of \`Checkpoints\`, which is private, and its \`onCheckpoint\`, which \`fit\` calls, are left out.

Each function is called ${figure(CALLS)} times${SLOW}. What the functions of "tinyconv/node" read, write and remove is in a folder for
temporary files that is made anew for each call: wild texts in the place of a path lead into it, and whatever is in it has to be the same after
a refusal, to the last byte. There a call is refused too where the error names the path that was replaced, and says in the
library's words why nothing can be read or written there, or what is in the file. That Node takes bytes and URLs for paths is no reason to: they are refused.

**Files.** Small files with everything that there can be in one get one to four faults: flipped bits, cut ends, pieces that are gone,
doubled, exchanged or of another file, numbers at the edges of their types, other words and numbers in text. Each is read, and is
the same when it is written and read again, or is refused; no more memory is taken than 20 times the file and 6 MB (64 MB and more
where a file is unpacked). \`readTrainCsv\` and \`readTestCsv\` read every file in both ways that they have, which have to agree. Files for
\`readImage\` are PNG, JPEG and WebP, which sharp decodes; in three of four PNGs the checksums are made right again, so that a decoder looks further.

All is computed in plain TypeScript, in memory that the engine counts.
`;

/** The same, with nothing left behind on the disk, whether it holds or not. */
function inTemporaryFolder(prove: Part["prove"]): Part["prove"] {
  return async (context) => {
    try {
      return await prove(context);
    } finally {
      removeTemporaryFolder();
    }
  };
}

function callsPart({ name, exports, targets, exceptions }: Entry): Part {
  return {
    name: `calls of "${name}"`,
    prove: inTemporaryFolder(async ({ log }) => {
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
    }),
  };
}

function readerPart(reader: Reader): Part {
  return {
    name: `files for ${reader.name}`,
    prove: inTemporaryFolder(async ({ log }) => {
      setBackend("plain");
      const { files, read, refused } = await fuzzReader(reader, {
        files: reader.isSlow ? FEW_FILES : FILES,
        seed: SEED,
        log,
      });
      return [`${figure(files)} files`, figure(read), figure(refused), "–", "0"];
    }),
  };
}

export const INPUT: Section = {
  name: "input",
  title: "Under bad input",
  text: TEXT,
  columns: ["what", "tried", "returned or read", "refused", "passed on", "failures"],
  parts: [...ENTRIES.map(callsPart), ...READERS.map(readerPart)],
};
