/**
 * A share of an operation that any thread can do: the units from `begin` to `end`, which write to places of their own
 * and read nothing that other units write, so that it does not matter who does them, nor when.
 *
 * Its arguments are numbers by name, since that is what can be handed to another thread at once: addresses, sizes.
 */
export interface Job<Name extends string = string> {
  readonly name: string;
  /** Of the name, the same in all threads. */
  readonly id: number;
  readonly argumentNames: readonly Name[];
  /** @param thread the number of the thread that does it, from 0; no other does units of this job under that number */
  readonly run: (args: Readonly<Record<Name, number>>, begin: number, end: number, thread: number) => void;
}

/** The most arguments that a job has. */
export const MOST_ARGUMENTS = 48;

/** A job with its argument names. @throws RangeError if it has too many */
export function defineJob<const Name extends string>(
  name: string,
  argumentNames: readonly Name[],
  run: Job<Name>["run"],
): Job<Name> {
  if (argumentNames.length > MOST_ARGUMENTS) {
    throw new RangeError(
      `defineJob: expected at most ${MOST_ARGUMENTS} arguments, got ${argumentNames.length} in ${name}.`,
    );
  }
  return { name, id: hash(name), argumentNames, run };
}

/** FNV-1a of the name: threads load the jobs from files of their own, so a place in a list would not do. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h;
}

/** The arguments as a list, in the order of the names. */
export function encodeArguments<Name extends string>(
  { argumentNames }: Job<Name>,
  args: Readonly<Record<Name, number>>,
  to: Float64Array,
): void {
  for (const [i, name] of argumentNames.entries()) to[i] = args[name];
}

/** The arguments by name again. */
export function decodeArguments(job: Job, from: Float64Array): Record<string, number> {
  const args: Record<string, number> = {};
  for (const [i, name] of job.argumentNames.entries()) args[name] = from[i]!;
  return args;
}
