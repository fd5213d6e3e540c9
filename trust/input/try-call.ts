import { isDeepStrictEqual } from "node:util";
import { namesAt, type Path, replaceAt, valueAt } from "./arguments.js";
import type { Example, Target } from "./target.js";
import { CallersError, type Wild } from "./wild.js";

/** What is put in which place of the arguments. */
export interface Replacement {
  readonly path: Path;
  readonly wild: Wild;
}

/** How a call has ended, if it kept its promise: `passed on` is an error of the caller's own. */
export type Outcome = "returned" | "refused" | "passed on";

/** What a call may take of memory, in bytes: the largest arrays that are asked for are far smaller, or far larger. */
const MOST_MEMORY = 2 ** 28;

/**
 * Calls a function with wild values in some places of its arguments.
 *
 * @throws Error if it neither returns nor throws an error of the library's that names the function and the argument, or
 * if what a refused call was made on has changed or is of no use any more.
 */
export async function tryCall(target: Target, replacements: readonly Replacement[]): Promise<Outcome> {
  const example = await target.example();
  const { parameters, call, state } = example;
  let changed = parameters;
  for (const [i, { path, wild }] of replacements.entries()) {
    // what an earlier one has put there may not be looked into
    const isInside = replacements
      .slice(0, i)
      .some((earlier) => earlier.path.every((key, k) => path[k] === key));
    if (isInside) continue;
    changed = replaceAt(changed, path, wild.make(valueAt(parameters, path)));
  }
  const before = state?.();
  const memory = process.memoryUsage().arrayBuffers;
  const error = await failureOf(() => call(Object.values(changed)));
  const taken = process.memoryUsage().arrayBuffers - memory;
  if (taken > MOST_MEMORY) throw new Error(`${target.name} took ${taken} bytes of memory.`);
  if (error === undefined) return "returned";
  if (isCallers(error.thrown)) return "passed on";
  expectOurs(target, example, replacements, error.thrown);
  if (!isDeepStrictEqual(state?.(), before)) {
    throw new Error(`${target.name} has changed something, though it refused its arguments.`);
  }
  await example.again?.();
  return "refused";
}

/** What a call throws, or what its promise is rejected with; undefined if it returns. */
async function failureOf(call: () => unknown): Promise<{ thrown: unknown } | undefined> {
  try {
    await call();
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

/**
 * True for an error that the caller's getter, proxy or function has thrown, or that is caused by one. A class in the place of
 * a function looks like one, until the engine refuses to call it.
 */
function isCallers(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e instanceof CallersError || /^Class constructors? .*cannot be invoked/.test(e.message)) return true;
  }
  return false;
}

/** Checks that an error is the library's, and says which function was called and which argument is wrong. */
function expectOurs(
  { name, alsoNamed = [], words: given = {} }: Target,
  { parameters }: Example,
  replacements: readonly Replacement[],
  error: unknown,
): void {
  if (!(error instanceof Error)) throw new Error(`${name} threw what is no Error: ${String(error)}`);
  const { message } = error;
  const where = [name, ...alsoNamed].find(
    (begin) => message.startsWith(`${begin}: `) || message.startsWith(`${begin} (`),
  );
  if (where === undefined || !/expected .+, got /s.test(message)) {
    throw new Error(`${name} threw an error that is not its own: ${message}`, { cause: error });
  }
  const words: Record<string, readonly string[]> = { shape: ["axes"], data: ["pixels"], ...given };
  const names = replacements.flatMap(({ path }) => namesAt(parameters, path));
  const accepted = new Set(
    names.flatMap((word) => [word, ...(Object.hasOwn(words, word) ? (words[word] ?? []) : [])]),
  );
  const said = message.slice(where.length);
  if (![...accepted].some((word) => hasWord(said, word))) {
    throw new Error(`${name} does not say which argument (${[...accepted].join(", ")}): ${message}`, {
      cause: error,
    });
  }
}

function hasWord(text: string, word: string): boolean {
  const at = text.toLowerCase().indexOf(word.toLowerCase());
  if (at === -1) return false;
  const isLetter = (character: string | undefined): boolean => /\w/.test(character ?? "");
  return !isLetter(text[at - 1]) || hasWord(text.slice(at + 1), word);
}
