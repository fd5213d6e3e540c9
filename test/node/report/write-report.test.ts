import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadLibraries } from "../../../src/node/report/libraries.js";
import { createReport } from "../../../src/node/report/report.js";
import { writeReport } from "../../../src/node/report/write-report.js";
import { exampleReport } from "./example.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tinyconv-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("writeReport", () => {
  test("writes the page and the pictures, and says where they are", async () => {
    const data = await exampleReport();
    const out = join(folder, "runs", "new"); // which is not there yet
    const { page, pictures } = await writeReport(out, data);
    const report = await createReport(data);

    expect(page).toBe(join(out, "report.html"));
    expect(await readFile(page, "utf8")).toBe(report.html);
    const names = report.pictures.flatMap(({ name }) => [`${name}.svg`, `${name}.png`]);
    expect(pictures).toEqual(names.map((name) => join(out, "report", name)));
    expect((await readdir(join(out, "report"))).sort()).toEqual(names.sort());
    for (const { name, svg } of report.pictures) {
      expect(await readFile(join(out, "report", `${name}.svg`), "utf8")).toBe(svg);
    }
  });

  test("makes PNGs twice as large as the SVGs, with something to see", async () => {
    const { sharp } = await loadLibraries();
    const { pictures } = await writeReport(folder, await exampleReport());
    for (const path of pictures.filter((name) => name.endsWith(".svg"))) {
      const [, width, height] = (await readFile(path, "utf8")).match(/width="(\d+)" height="(\d+)"/)!;
      const png = sharp(path.replace(/svg$/, "png"));
      expect(await png.metadata(), path).toMatchObject({
        ...{ format: "png", width: 2 * Number(width), height: 2 * Number(height) },
      });
      const { channels } = await png.stats();
      expect(channels[0]!.stdev, path).toBeGreaterThan(5);
    }
  });

  test("replaces an earlier report, and leaves other files alone", async () => {
    await mkdir(join(folder, "report"));
    await writeFile(join(folder, "report.html"), "old");
    await writeFile(join(folder, "report", "mine.txt"), "mine");
    await writeReport(folder, await exampleReport());
    expect(await readFile(join(folder, "report.html"), "utf8")).toContain("<!doctype html>");
    expect(await readFile(join(folder, "report", "mine.txt"), "utf8")).toBe("mine");
  });

  test("says what it could not write", async () => {
    await writeFile(join(folder, "report"), "a file in the place of the folder");
    await expect(writeReport(folder, await exampleReport())).rejects.toThrow(
      `Cannot write ${join(folder, "report")}: it is a file, not a folder.`,
    );
    expect(await readdir(folder)).toEqual(["report"]);
  });
});
