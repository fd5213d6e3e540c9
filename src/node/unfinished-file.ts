import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/*
 * A file is written under another name beside its place, and takes the place when it is whole. A writer that is killed
 * leaves such an unfinished file behind, which nobody else will ever need.
 */

const UNFINISHED = /^(.+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** So long nothing was written to a file that its writer has left for good, in milliseconds. */
const ABANDONED = 3_600_000;

/** A name of its own, beside it, for a file that is to lie at `place`: a rename cannot cross from one disk to another. */
export function unfinishedPath(place: string): string {
  return `${place}.${randomUUID()}.tmp`;
}

/** The name that an unfinished file would have taken; undefined for the name of any other file. */
export function finishedName(name: string): string | undefined {
  return UNFINISHED.exec(name)?.[1];
}

/**
 * Removes what writers of the file at `place` have left that were killed. One that may still be at work is let alone: so
 * is every file that was written to within the hour. What cannot be removed stays.
 */
export async function removeAbandoned(place: string): Promise<void> {
  const folder = dirname(place);
  for (const name of await readdir(folder).catch(() => [])) {
    if (finishedName(name) !== basename(place)) continue;
    const path = join(folder, name);
    const entry = await stat(path).catch(() => undefined);
    if (entry && Date.now() - entry.mtimeMs > ABANDONED) await rm(path, { force: true }).catch(() => {});
  }
}
