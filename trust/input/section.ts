import { setBackend } from "../../src/index.js";
import { formatCount } from "../../src/node/numbers.js";
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

const slow = ENTRIES.flatMap(({ targets }) => targets.filter(({ share = 1 }) => share < 1));
const SLOW = slow
  .map((target) => `, \`${target.name}\` ${formatCount(callsOf(target, CALLS))} times`)
  .join("");

const TEXT = `
Whoever calls a public function with something that it cannot take is told by an error of the library's own which function
and which argument it was, and nothing has changed. Whoever gives a damaged file to a reader gets what is in it or is told
where, what was expected and what came.

**Calls.** Every function, constructor, method and accessor of the four entries is in a list with an example of its arguments (a
test compares the list with what the entries export, so that none is forgotten). One to four places in the arguments, an option
deep inside or the whole, get another value: numbers of all kinds and sizes, texts, symbols, functions, lists that are sparse,
nested, ragged, endless or their own element, arrays of another type, shared or transferred, tensors of other shapes, objects of
other classes, promises, getters and proxies that throw, options with fields too many or too few. Each call has one of four ends:

- *returned*;
- *refused*: the message begins with the name of the function, or of the one that it hands its arguments on to; it names an
  argument that was replaced, or says what it should have been, where no other is of that kind; and it has the form "expected X,
  got Y". Then what the function was called on is the same as before (weights, predictions and steps of a model, the state of an
  optimizer, the next numbers of a generator), and a right call succeeds;
- *passed on*: an error that the caller's own getter or function has thrown, as it is;
- a failure: anything else, as an engine's own message, or array buffers of more than 256 MB that a call leaves.

An option of a name that nobody knows is not refused, but ignored: TypeScript reports it, and in JavaScript nothing does.

Left out are \`build\` of the layers and the methods of \`EarlyStopping\` and \`Checkpoints\` that \`fit\` calls, \`ShapeError\`, and the
constructor of \`Checkpoints\`, which is private. A huge \`epochs\`, or \`n\` of an order, would be a request like any other, and is
not tried. Each function is called ${formatCount(CALLS)} times${SLOW},
and one that takes nothing, as an accessor that only gives, once.

What the functions of "tinyconv/node" read, write and remove is in a folder for temporary files that is made anew for each call.
Wild texts in the place of a path lead into it, and after a refusal whatever is in it has to be the same, to the last byte. There
the name may be that of the path that was replaced, with why nothing can be read or written there, or what is wrong in the file.
Bytes and URLs, which Node takes for paths, are refused.

**Files.** Small files with everything that there can be in one get one to four faults: flipped bits, cut ends, pieces that are
gone, doubled, exchanged or of another file, numbers at the edges of their types, other words and numbers in text. Each is refused,
or read: then what was read is written, and has to be the same when it is read again. Only \`readTrainCsv\` and \`readTestCsv\` have
to give the same in both ways in which they read a table, by bytes and by a parser of CSV, instead. Afterwards there are no more
array buffers than 20 times the file and 6 MB (64 MB and more where a file is unpacked). Files for \`readImage\` are PNG, JPEG and
WebP, which sharp decodes; in three of four PNGs the checksums are made right again, so that a decoder looks further.

All is computed in plain TypeScript, in memory that the engine counts.
`;

/** The same, with nothing left behind on the disk, whether it holds or not. */
function leavingNothing(prove: Part["prove"]): Part["prove"] {
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
    prove: leavingNothing(async ({ log }) => {
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
        `${formatCount(functions)} functions, ${formatCount(calls)} calls`,
        formatCount(sum.returned),
        formatCount(sum.refused),
        formatCount(sum["passed on"]),
        "0",
      ];
    }),
  };
}

function readerPart(reader: Reader): Part {
  return {
    name: `files for ${reader.name}`,
    prove: leavingNothing(async ({ log }) => {
      setBackend("plain");
      const { files, read, refused } = await fuzzReader(reader, {
        files: reader.isSlow ? FEW_FILES : FILES,
        seed: SEED,
        log,
      });
      return [`${formatCount(files)} files`, formatCount(read), formatCount(refused), "–", "0"];
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
