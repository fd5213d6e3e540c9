import { describe, expect, test } from "vitest";
import { NOT_NEEDED } from "../../trust/supply/install-scripts.js";
import { ALLOWED_LICENCES, isAllowed } from "../../trust/supply/licences.js";
import { faultsOf, withInstallScript } from "../../trust/supply/lock-file.js";
import {
  type Entry,
  FOLDERS,
  installedPackages,
  type Manifest,
  type PackageFolder,
  readFolder,
} from "../../trust/supply/package-folder.js";

const folders = FOLDERS.map(readFolder);

test.each(folders)(
  "$path asks for exact versions, and its lock file has a hash and no address for each package",
  (folder) => {
    expect(faultsOf(folder)).toEqual([]);
    expect(installedPackages(folder).length).toBeGreaterThan(20);
  },
);

test("every package with an install script is listed with the reason why it is not needed, and no other", () => {
  expect([...new Set(folders.flatMap(withInstallScript))].sort()).toEqual(Object.keys(NOT_NEEDED).sort());
});

test("every licence of the list is that of a package", () => {
  const found = folders
    .flatMap(installedPackages)
    .map(([, { license }]) => license)
    .join(" ");
  expect(ALLOWED_LICENCES.filter((licence) => !found.includes(licence))).toEqual([]);
});

describe("what is wrong is found", () => {
  const integrity = `sha512-${"A".repeat(86)}==`;
  const good: Entry = { version: "1.2.3", integrity, license: "MIT" };

  /** The faults of a folder that asks for the package a, which the lock file has as the entry. */
  function faults(entry: Entry, manifest: Partial<Manifest> = {}, project: Entry = {}): string[] {
    const dependencies = { a: "1.2.3" };
    const folder: PackageFolder = {
      path: "x",
      manifest: { name: "x", dependencies, ...manifest },
      lock: {
        lockfileVersion: 3,
        packages: { "": { dependencies, ...project }, "node_modules/a": entry },
      },
    };
    return faultsOf(folder);
  }

  test("nothing, where all is well", () => {
    expect(faults(good)).toEqual([]);
    expect(faults({ ...good, hasInstallScript: false })).toEqual([]);
  });

  test.each<[string, Entry]>([
    ['expected a SHA-512 as integrity, got ""', { version: "1.2.3", license: "MIT" }],
    ['expected a SHA-512 as integrity, got "sha1-abc"', { ...good, integrity: "sha1-abc" }],
    [
      "expected no address, got https://example.org/a.tgz",
      { ...good, resolved: "https://example.org/a.tgz" },
    ],
    [
      'expected a version, got "git+ssh://git@example.org/a.git"',
      { ...good, version: "git+ssh://git@example.org/a.git" },
    ],
    ["expected a package of a registry, got a link", { ...good, link: true }],
    ["expected licences of the list, got GPL-3.0-only", { ...good, license: "GPL-3.0-only" }],
    ["has an install script that may be needed", { ...good, hasInstallScript: true }],
  ])("%s", (fault, entry) => {
    expect(faults(entry)).toEqual([`x: node_modules/a: ${fault}`]);
  });

  test.each(["^1.2.3", "latest", "file:../a", "github:a/a", "https://example.org/a.tgz"])(
    "a dependency asked for as %s",
    (request) => {
      const dependencies = { a: request };
      const fault = `x: a: expected one exact version, got ${request}`;
      expect(faults(good, { dependencies }, { dependencies })).toEqual([fault]);
    },
  );

  test("a script of its own that runs when it is installed", () => {
    expect(faults(good, { scripts: { test: "vitest", postinstall: "node build.js" } })).toEqual([
      'x: expected no script "postinstall", which would run when it is installed',
    ]);
  });

  test("a peer that is no range of versions", () => {
    const peerDependencies = { b: "^6.0.0", c: ">=0.34", d: "*", e: "git+https://example.org/e.git" };
    expect(faults(good, { peerDependencies })).toEqual([
      "x: e: expected a range of versions, got git+https://example.org/e.git",
    ]);
  });

  test("a lock file of another package.json, and of another format", () => {
    expect(faults(good, {}, { dependencies: { a: "1.2.2" } })).toEqual([
      "x: dependencies: expected the lock file to have those of package.json; run npm install",
    ]);
    const old = { path: "x", manifest: { name: "x" }, lock: { lockfileVersion: 2, packages: {} } };
    expect(faultsOf(old)).toEqual(["x: lockfileVersion: expected 3, got 2"]);
  });
});

test.each([
  ["MIT", true],
  ["(Apache-2.0 AND BSD-3-Clause)", true],
  ["MIT OR GPL-3.0-only", false],
  ["Apache-2.0 WITH LLVM-exception", false],
  ["UNLICENSED", false],
  ["", false],
  [undefined, false],
])("the licence %s is allowed: %s", (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});
