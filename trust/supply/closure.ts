import type { Entry, LockFile } from "./package-folder.js";

/**
 * The folders of the packages that are installed with a package, its own first: its dependencies, theirs and so on, and of
 * the optional ones those for Linux on x64.
 */
export function installedWith(name: string, { packages }: LockFile): string[] {
  const found = new Set<string>();
  const visit = (wanted: string, from: string, optional: boolean): void => {
    const folder = resolve(wanted, from, packages);
    if (folder === undefined || (optional && !isForLinux(packages[folder]!))) {
      if (optional) return;
      throw new Error(
        `installedWith: expected the lock file to have ${wanted} for ${from || "the project"}.`,
      );
    }
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = packages[folder]!;
    for (const next of Object.keys(dependencies)) visit(next, folder, next in optionalDependencies);
    for (const next of Object.keys(optionalDependencies)) visit(next, folder, true);
  };
  visit(name, "", false);
  return [...found];
}

/** Where Node finds a package from a folder: in its own node_modules, or in those above it. */
function resolve(name: string, from: string, packages: LockFile["packages"]): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const candidate = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === "") return undefined;
  }
}

function isForLinux({ os, cpu, libc }: Entry): boolean {
  return (
    (os?.includes("linux") ?? true) && (cpu?.includes("x64") ?? true) && (libc?.includes("glibc") ?? true)
  );
}
