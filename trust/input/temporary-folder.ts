import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { types } from "node:util";

/*
 * The folder in which all happens that the calls and the readers do on the disk. Wild texts in the place of a path are led
 * into it, and it is the current folder meanwhile, for a path of no characters leads there.
 */

let made: { readonly folder: string; readonly before: string } | undefined;

/** The folder, which is made when it is first asked for. */
export function temporaryFolder(): string {
  if (!made) {
    // where the folder for temporary files is a link, the current folder is what it leads to
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "tinyconv-input-")));
    made = { folder, before: process.cwd() };
    process.chdir(made.folder);
  }
  return made.folder;
}

/** The folder, with nothing in it. */
export function emptyTemporaryFolder(): string {
  const folder = temporaryFolder();
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  return folder;
}

/** Removes the folder, and goes back to where the process was. */
export function removeTemporaryFolder(): void {
  if (!made) return;
  process.chdir(made.before);
  rmSync(made.folder, { recursive: true });
  made = undefined;
}

/** All that is in the folder: the content of each file by its path, and nothing for a folder. */
export function filesInTemporaryFolder(): ReadonlyMap<string, string | undefined> {
  const entries = readdirSync(temporaryFolder(), { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, entry.isFile() ? readFileSync(path, "latin1") : undefined] as const;
  });
  return new Map(paths.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A new folder in it. */
export function makeFolderInside(name: string): string {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  return folder;
}

/**
 * What may stand in the place of a path instead of a wild value: a text that no system takes for a path stays as it is, any
 * other has the folder in front of it, and no way up. So has a Uint8Array, in which Node takes the bytes of a path.
 */
export function ledInside(wild: unknown): unknown {
  if (typeof wild === "string") return wild === "" || wild.includes("\0") ? wild : pathInside(wild);
  // instanceof would ask a proxy
  if (types.isUint8Array(wild))
    return Buffer.from(pathInside(Buffer.from(wild).toString("latin1")), "latin1");
  return wild;
}

function pathInside(text: string): string {
  return join(temporaryFolder(), text.replaceAll("..", "__"));
}
