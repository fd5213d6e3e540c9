import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { trustPage } from "../../trust/page.js";
import { ResultsFolder } from "../../trust/results.js";
import { SECTIONS } from "../../trust/sections.js";

const results = new ResultsFolder("trust/results");

test("docs/trust.md is what the results come to: `npm run trust -- page` writes it", () => {
  expect(readFileSync("docs/trust.md", "utf8")).toBe(trustPage(SECTIONS, results));
});

test.each(SECTIONS)("$name has a result for each of its parts, and no other", ({ name, parts, columns }) => {
  const found = results.read(name);
  expect(Object.keys(found)).toEqual(parts.map((part) => part.name));
  for (const { cells } of Object.values(found)) expect(cells.length).toBe(columns.length - 1);
});

test("no two sections have a name", () => {
  expect(new Set(SECTIONS.map(({ name }) => name)).size).toBe(SECTIONS.length);
});
