import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatBytes } from "../../trust/supply/bytes.js";
import { installedWith } from "../../trust/supply/closure.js";
import { dependenciesPage } from "../../trust/supply/dependencies-page.js";
import { type Figures, requested } from "../../trust/supply/figures.js";
import { type Entry, FOLDERS, type LockFile, nameOf, readFolder } from "../../trust/supply/package-folder.js";
import { JUSTIFICATIONS, PURPOSES } from "../../trust/supply/purposes.js";
import { releaseDays, webAddress } from "../../trust/supply/registry.js";

const figures = JSON.parse(readFileSync("trust/supply/figures.json", "utf8")) as readonly Figures[];
const folders = FOLDERS.map(readFolder);

describe("docs/dependencies.md", () => {
  test("is what the figures come to: `npm run dependencies -- --page` writes it", () => {
    expect(readFileSync("docs/dependencies.md", "utf8")).toBe(dependenciesPage(figures));
  });

  test("has every package that a package.json asks for in the version of the lock file, and no other", () => {
    const expected = folders.flatMap((folder) =>
      requested(folder).map(({ name, kind }) => {
        const { version, license } = folder.lock.packages[`node_modules/${name}`]!;
        return `${folder.path}: ${kind} ${name} ${version}, ${license}`;
      }),
    );
    const found = figures.map(
      ({ folder, kind, name, version, licence }) => `${folder}: ${kind} ${name} ${version}, ${licence}`,
    );
    expect(found.sort()).toEqual(expected.sort());
  });

  test("counts what each package brings as the lock files have it today", () => {
    for (const { name, folder, brings } of figures) {
      const { lock } = folders.find(({ path }) => path === folder)!;
      const expected = installedWith(name, lock)
        .slice(1)
        .map((where) => `${nameOf(where)} ${lock.packages[where]!.version}`);
      expect(brings.map((other) => `${other.name} ${other.version}`).sort()).toEqual(expected.sort());
    }
  });

  test("justifies nothing that is not asked for, and shows each package once", () => {
    const names = new Set(figures.map(({ name }) => name));
    const texts = [...Object.keys(JUSTIFICATIONS), ...Object.keys(PURPOSES)];
    expect(texts.filter((name) => !names.has(name))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
    const page = readFileSync("docs/dependencies.md", "utf8");
    for (const name of Object.keys(JUSTIFICATIONS)) expect(page).toContain(`\n### ${name}\n`);
  });

  test("says of nothing that users install that it has an install script", () => {
    const users = figures.filter(({ kind }) => kind !== "development");
    expect(users.length).toBe(8);
    expect(users.flatMap(({ scripts }) => scripts)).toEqual([]);
  });
});

describe("what is installed with a package", () => {
  const package_ = (entry: Entry = {}): Entry => ({ version: "1.0.0", ...entry });
  const lock: LockFile = {
    lockfileVersion: 3,
    packages: {
      "": {},
      "node_modules/a": package_({ dependencies: { b: "1", "@s/c": "1" } }),
      "node_modules/a/node_modules/b": package_({ dependencies: { d: "1" } }),
      "node_modules/b": package_({ dependencies: { e: "1" } }),
      "node_modules/@s/c": package_({
        dependencies: { b: "1" },
        optionalDependencies: { win: "1", linux: "1", none: "1" },
      }),
      "node_modules/d": package_({ dependencies: { a: "1" } }),
      "node_modules/e": package_(),
      "node_modules/win": package_({ os: ["win32"] }),
      "node_modules/linux": package_({ os: ["linux"], cpu: ["x64"], libc: ["glibc"] }),
      "node_modules/broken": package_({ dependencies: { missing: "1" } }),
    },
  };

  test("is found as Node finds it: inside the package first, then above; each once, circles too", () => {
    expect(installedWith("a", lock)).toEqual([
      "node_modules/a",
      "node_modules/a/node_modules/b",
      "node_modules/d",
      "node_modules/@s/c",
      "node_modules/b",
      "node_modules/e",
      "node_modules/linux",
    ]);
    expect(installedWith("e", lock)).toEqual(["node_modules/e"]);
  });

  test("has to be in the lock file, if it is not optional", () => {
    expect(() => installedWith("broken", lock)).toThrow(
      "installedWith: expected the lock file to have missing for node_modules/broken.",
    );
  });
});

describe("the days of releases", () => {
  test("are those of the registry, but never later than that of a higher version of the same major number", () => {
    const days = releaseDays({
      created: "2020-01-01T00:00:00.000Z",
      "1.9.0": "2026-08-30T00:00:00.000Z",
      "1.10.0": "2021-02-03T00:00:00.000Z",
      "2.0.0": "2022-05-06T00:00:00.000Z",
      "2.0.1-beta.1": "2022-05-07T00:00:00.000Z",
    });
    expect([...days]).toEqual([
      ["2.0.0", "2022-05-06"],
      ["1.10.0", "2021-02-03"],
      ["1.9.0", "2021-02-03"],
    ]);
  });
});

test.each([
  ["git+https://github.com/a/b.js.git", "https://github.com/a/b.js"],
  ["git://github.com/a/b.git#main", "https://github.com/a/b"],
  ["git@github.com:a/b.git", "https://github.com/a/b"],
  ["github:a/b", "https://github.com/a/b"],
  ["a/b", "https://github.com/a/b"],
  ["https://example.org/a/b", ""],
  ["", ""],
])("the address of the repository %s is %s", (url, address) => {
  expect(webAddress(url)).toBe(address);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [9949, "9.9 kB"],
  [12_345, "12 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [54_963_537, "55 MB"],
])("%i bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
