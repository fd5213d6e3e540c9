import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { finishedName, removeAbandoned, unfinishedPath } from "../../src/node/unfinished-file.js";
import { writeFileAtomically } from "../../src/node/write-file.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyconv-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Writes an unfinished file that was last written to so many minutes ago, and gives its path. */
function leave(name: string, minutes: number): string {
  const path = unfinishedPath(join(folder, name));
  writeFileSync(path, "half");
  const moment = new Date(Date.now() - 60_000 * minutes);
  utimesSync(path, moment, moment);
  return path;
}

test("an unfinished file has a name of its own, which tells whose place it is to take", () => {
  expect(unfinishedPath("a/b.json")).not.toBe(unfinishedPath("a/b.json"));
  expect(finishedName(basename(unfinishedPath("a/b.json")))).toBe("b.json");
  for (const name of ["b.json", "b.json.tmp", "b.json.1-2.tmp"]) expect(finishedName(name)).toBeUndefined();
});

test("what a killed writer of a file has left is removed when nobody has written to it for an hour", async () => {
  const atWork = leave("a", 59);
  const ofAnother = leave("b", 120);
  leave("a", 61);
  leave("a", 120);
  await writeFileAtomically(join(folder, "a"), "whole");
  expect(readdirSync(folder).sort()).toEqual(
    ["a", ...[atWork, ofAnother].map((path) => basename(path))].sort(),
  );
});

test("a folder that is not there has nothing to be removed", async () => {
  await removeAbandoned(join(folder, "nowhere", "a"));
  expect(readdirSync(folder)).toEqual([]);
});
