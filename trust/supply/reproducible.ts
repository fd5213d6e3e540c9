import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const SOURCES = [
  "src",
  "package.json",
  "tsconfig.json",
  "tsup.config.ts",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
];

/** Builds and packs the package in a new folder, and gives its tarball's bytes and SHA-256. */
export function buildAndPack(root: string): { bytes: number; sha256: string } {
  const folder = mkdtempSync(join(tmpdir(), "tinyconv-build-"));
  try {
    for (const source of SOURCES) cpSync(join(root, source), join(folder, source), { recursive: true });
    symlinkSync(resolve(root, "node_modules"), join(folder, "node_modules"), "junction");
    const npm = (...args: string[]): void => {
      execFileSync("npm", args, { cwd: folder, stdio: "pipe", shell: process.platform === "win32" });
    };
    npm("run", "build");
    npm("pack", "--ignore-scripts");
    const [tarball] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
    const packed = readFileSync(join(folder, tarball!));
    return { bytes: packed.length, sha256: createHash("sha256").update(packed).digest("hex") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
