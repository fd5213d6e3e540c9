import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

const FOLDER = resolve(import.meta.dirname, "..", "..", "build", "engines");

/** As npm packages name systems. */
const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: "win" };
const EXE = process.platform === "win32" ? ".exe" : "";

/** The path of a Node of that version, by the package that has it for this machine, or for another processor. */
export function installNode(version: string, arch: string = process.arch): string {
  const system = SYSTEMS[process.platform] ?? process.platform;
  return install(`node-${system}-${arch}`, version, `node${EXE}`);
}

/** The path of Bun, in the same way. */
export function installBun(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  return install(`@oven/bun-${system}-${arch}`, "latest", `bun${EXE}`);
}

/** Folders in which this process has installed the newest version. */
const upToDate = new Set<string>();

/**
 * Installs a package into a folder of its own, unless it is there, and gives the path of a program in it. What is there as
 * `latest` may be older by now, so that is asked for once in each run.
 */
function install(name: string, version: string, program: string): string {
  const folder = join(FOLDER, `${name.replaceAll(/\W+/g, "-")}-${version}`);
  const path = join(folder, "node_modules", name, "bin", program);
  if (!existsSync(path) || (version === "latest" && !upToDate.has(folder))) {
    mkdirSync(folder, { recursive: true });
    // by force, since npm would refuse what is for another processor
    const options = ["--force", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    execFileSync("npm", ["install", "--prefix", folder, ...options, `${name}@${version}`], {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32", // where npm is a script
    });
    upToDate.add(folder);
  }
  if (!existsSync(path)) throw new Error(`${name}@${version}: expected the program ${path}, got none.`);
  return path;
}
