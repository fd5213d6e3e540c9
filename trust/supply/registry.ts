import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes of a package: of its tarball, and of the files in it. */
export interface Size {
  readonly packed: number;
  readonly unpacked: number;
}

/** How a package is kept, as the registry has it. */
export interface Upkeep {
  readonly latest: string;
  /** The day of the latest release; if it is older than a year, perhaps a day after it. */
  readonly latestDate: string;
  /** Releases in the year before the day of the measurement, without trial versions. */
  readonly releases: number;
  readonly repository: string;
}

/** Runs npm, and gives what it prints as JSON. */
function npm(...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync("npm", [...args, "--json"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`npm ${args.join(" ")}: expected an answer, got ${stderr || stdout}`);
  return JSON.parse(stdout);
}

/** What a version of a package weighs. Fetches it. */
export function sizeOf(name: string, version: string): Size {
  const [packed] = npm("pack", "--dry-run", `${name}@${version}`) as { size: number; unpackedSize: number }[];
  return { packed: packed!.size, unpacked: packed!.unpackedSize };
}

/** What the registry says of a package. */
export function upkeepOf(name: string, today: Date): Upkeep {
  const answer = npm("view", name, "dist-tags.latest", "time", "repository") as {
    readonly "dist-tags.latest": string;
    readonly time: Readonly<Record<string, string>>;
    readonly repository?: string | { readonly url: string };
  };
  const latest = answer["dist-tags.latest"];
  const days = releaseDays(answer.time);
  const packedOn = newestFileDay(name, latest);
  const latestDate = [days.get(latest)!, packedOn].filter((day) => day !== undefined).sort()[0]!;
  const yearAgo = new Date(today);
  yearAgo.setFullYear(today.getFullYear() - 1);
  const releases = [...days].filter(
    ([version, day]) => new Date(version === latest ? latestDate : day) >= yearAgo,
  ).length;
  const { repository = "" } = answer;
  const url = typeof repository === "string" ? repository : repository.url;
  return { latest, latestDate, releases, repository: webAddress(url) };
}

/**
 * The days of a package's releases, without trial versions. A copy of a registry may date a version by when it first fetched
 * it, and so too late: no version is later than a higher one of the same major number.
 */
export function releaseDays(time: Readonly<Record<string, string>>): Map<string, string> {
  const versions = Object.keys(time)
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .map((version) => ({ version, parts: version.split(".").map(Number) }))
    .sort((a, b) => comparedParts(b.parts, a.parts));
  const days = new Map<string, string>();
  let next: { major: number; day: string } | undefined;
  for (const { version, parts } of versions) {
    const [major] = parts;
    const stated = time[version]!.slice(0, 10);
    const day = next?.major === major && next!.day < stated ? next!.day : stated;
    days.set(version, day);
    next = { major: major!, day };
  }
  return days;
}

function comparedParts(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((part, k) => part !== b[k]);
  return i < 0 ? 0 : a[i]! - b[i]!;
}

/** The day of the newest file in a tarball; nothing if they have the one day of 1985 that npm has given all since 2018. */
function newestFileDay(name: string, version: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "tinyconv-supply-"));
  try {
    npm("pack", `${name}@${version}`, "--pack-destination", folder);
    const [tarball] = readdirSync(folder);
    const { status, stderr } = spawnSync("tar", ["-xf", tarball!], { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`tar: expected the files of ${name}, got ${stderr}`);
    rmSync(join(folder, tarball!));
    const times = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
    const newest = new Date(Math.max(...times)).toISOString().slice(0, 10);
    return newest > "1990" ? newest : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The address of a repository for readers: `git+https://github.com/a/b.git` is `https://github.com/a/b`. */
export function webAddress(url: string): string {
  const [, path] = /^(?:.*github\.com[/:]|github:)?([\w-]+\/[\w.-]+?)(?:\.git)?(?:#.*)?$/.exec(url) ?? [];
  return path ? `https://github.com/${path}` : "";
}
