import { isDeepStrictEqual } from "node:util";
import { namesAt, type Path, replaceAt, valueAt } from "./arguments.js";
import type { Example, Target } from "./target.js";
import { ledInside } from "./temporary-folder.js";
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
    const made = wild.make(valueAt(parameters, path));
    changed = replaceAt(changed, path, target.paths?.includes(path.join(".")) ? ledInside(made) : made);
  }
  const before = state?.();
  const memory = process.memoryUsage().arrayBuffers;
  const error = await failureOf(() => call(Object.values(changed)));
  const taken = process.memoryUsage().arrayBuffers - memory;
  if (taken > MOST_MEMORY) throw new Error(`${target.name} took ${taken} bytes of memory.`);
  if (error === undefined) return "returned";
  if (isCallers(error.thrown)) return "passed on";
  expectOurs(target, { parameters, changed, replacements }, error.thrown);
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

/** What a call was made with. */
interface Arguments {
  readonly parameters: Example["parameters"];
  /** The same with wild values in it. */
  readonly changed: Example["parameters"];
  readonly replacements: readonly Replacement[];
}

/** Why the disk does not give or take a file, in words of the library. */
const REASONS =
  /: (no such file or folder|permission denied|the name is too long|it is a folder, not a file|it is a file, not a folder|it is not a folder, or lies in something that is not one)\./;

/** Checks that an error is the library's, and says which function was called and which argument is wrong. */
function expectOurs(target: Target, given: Arguments, error: unknown): void {
  const { name, alsoNamed = [] } = target;
  if (!(error instanceof Error)) throw new Error(`${name} threw what is no Error: ${String(error)}`);
  const { message } = error;
  const wildFiles = pathsIn(target, given, { wild: true });
  if (wildFiles.some((path) => /^Cannot (read|write|remove) $/.test(message.split(path)[0]!))) {
    if (REASONS.test(message)) return;
  }
  const files = pathsIn(target, given, { wild: false }).filter((path) => message.startsWith(path));
  const where =
    [name, ...alsoNamed].find(
      (begin) => message.startsWith(`${begin}: `) || message.startsWith(`${begin} (`),
    ) ?? files[0];
  if (where === undefined || !/expected .+, got /s.test(message)) {
    throw new Error(`${name} threw an error that is not its own: ${message}`, { cause: error });
  }
  if (wildFiles.includes(where)) return;
  expectNamed(target, given, message.slice(where.length), error);
}

/** The paths that a call was given: all, or those that are wild. */
function pathsIn(
  { paths = [] }: Target,
  { changed, replacements }: Arguments,
  { wild }: { readonly wild: boolean },
): string[] {
  return paths.flatMap((name) => {
    const path = changed[name];
    const isWild = replacements.some((replaced) => replaced.path[0] === name);
    return typeof path === "string" && path !== "" && (isWild || !wild) ? [path] : [];
  });
}

/** Checks that what an error says names one of the arguments that were replaced. */
function expectNamed(
  { name, words: given = {} }: Target,
  { parameters, replacements }: Arguments,
  said: string,
  cause: unknown,
): void {
  const words: Record<string, readonly string[]> = { shape: ["axes"], data: ["pixels"], ...given };
  const names = replacements.flatMap(({ path }) => namesAt(parameters, path));
  const accepted = new Set(
    names.flatMap((word) => [word, ...(Object.hasOwn(words, word) ? (words[word] ?? []) : [])]),
  );
  if ([...accepted].some((word) => hasWord(said, word))) return;
  throw new Error(`${name} does not say which argument (${[...accepted].join(", ")}): ${said}`, { cause });
}

function hasWord(text: string, word: string): boolean {
  const at = text.toLowerCase().indexOf(word.toLowerCase());
  if (at === -1) return false;
  const isLetter = (character: string | undefined): boolean => /\w/.test(character ?? "");
  return !isLetter(text[at - 1]) || hasWord(text.slice(at + 1), word);
}
