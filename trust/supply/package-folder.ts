import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The folders of the repository that have packages of their own; the last three are for tests and benchmarks. */
export const FOLDERS: readonly string[] = [".", "test/interop", "bench/peers", "trust"];

/** Packages by name, with the version or range that is asked for. */
export type Requests = Readonly<Record<string, string>>;

/** What is looked at of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly dependencies?: Requests;
  readonly devDependencies?: Requests;
  readonly optionalDependencies?: Requests;
  readonly peerDependencies?: Requests;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A package of a lock file. */
export interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Requests;
  readonly devDependencies?: Requests;
  readonly optionalDependencies?: Requests;
}

/** A package-lock.json: its packages by the folders that they are installed in, the project itself as "". */
export interface LockFile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Entry>>;
}

export interface PackageFolder {
  readonly path: string;
  readonly manifest: Manifest;
  readonly lock: LockFile;
}

/** Reads package.json and package-lock.json of a folder of the repository. */
export function readFolder(path: string): PackageFolder {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(path, file), "utf8"));
  return { path, manifest: read("package.json") as Manifest, lock: read("package-lock.json") as LockFile };
}

/** The packages of a lock file without the project itself, by the folders that they are installed in. */
export function installedPackages({ lock }: PackageFolder): (readonly [folder: string, entry: Entry])[] {
  return Object.entries(lock.packages).filter(([folder]) => folder !== "");
}

/** The name of the package that a lock file puts into a folder. */
export function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
}
