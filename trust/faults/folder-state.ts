import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { finishedName } from "../../src/node/unfinished-file.js";

/** What is in a folder and the folders in it: the files that have their names, and the unfinished ones. */
export interface FolderState {
  /** What each file comes to, by its path in the folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly unfinished: readonly string[];
}

/** What the bytes of a file come to: equal for two files that say the same; throws if it is damaged. */
export type Digest = (name: string, bytes: Buffer) => string;

/** What is in the folder now. */
export function stateOf(folder: string, digest: Digest): FolderState {
  const files = new Map<string, string>();
  const unfinished: string[] = [];
  for (const path of filesIn(folder)) {
    const name = relative(folder, path).split(sep).join("/");
    if (finishedName(basename(path)) !== undefined) unfinished.push(name);
    else files.set(name, digest(name, readFileSync(path)));
  }
  return { files, unfinished };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** The contents that a file may have while it is saved, and the files that are there all the time. */
export class Versions {
  readonly #contents = new Map<string, Set<string>>();
  #always: ReadonlySet<string> | undefined;

  /** Allows what is there now. */
  add(state: FolderState): void {
    for (const [name, content] of state.files) {
      const contents = this.#contents.get(name) ?? new Set();
      this.#contents.set(name, contents.add(content));
    }
    this.see(state);
  }

  /** A moment of a save that nothing came in the way of. */
  see({ files }: FolderState): void {
    const before = this.#always ?? new Set(files.keys());
    this.#always = new Set([...before].filter((name) => files.has(name)));
  }

  has(name: string, content: string): boolean {
    return this.#contents.get(name)?.has(content) ?? false;
  }

  /** The files that were there at every moment. */
  get always(): ReadonlySet<string> {
    return this.#always ?? new Set();
  }
}
