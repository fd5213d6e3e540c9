import { access, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { prepareOutputFolder } from "../node/output-folder.js";
import { RUN_FILES } from "../node/run-folder.js";

/** The files of a run that are not to be lost. */
export function runFiles(run: string): string[] {
  return [join(run, RUN_FILES.model), join(run, RUN_FILES.metrics)];
}

/**
 * Sees to it, before any time is spent, that the file of `--out` can be written, and that nothing is lost by it.
 *
 * @param kept Files that it must not take the place of, where they are there.
 * @throws Error if it would take the place of one of them, or cannot be written there.
 */
export async function prepareOutputFile(out: string, kept: readonly (string | undefined)[]): Promise<void> {
  const place = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  const target = await place(out);
  for (const input of kept) {
    if (input === undefined || (await place(input)) !== target || !(await isThere(target))) continue;
    throw new Error(`--out: expected another file than ${input}, which would be lost.`);
  }
  await prepareOutputFolder(dirname(out), [basename(out)], "Choose another file with --out.");
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
