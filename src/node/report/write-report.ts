import { join } from "node:path";
import { expectFolder } from "../expect-path.js";
import { prepareOutputFolder } from "../output-folder.js";
import { RUN_FILES } from "../run-folder.js";
import { writeFileAtomically } from "../write-file.js";
import { expectReportData } from "./expect-report-data.js";
import { rasterize } from "./images.js";
import { loadLibraries } from "./libraries.js";
import { drawReport } from "./report.js";
import type { ReportData } from "./report-data.js";

/** Where a report was written. */
export interface ReportFiles {
  /** The path of the page. */
  readonly page: string;
  /** The paths of the pictures, an SVG and a PNG of each. */
  readonly pictures: readonly string[];
}

/**
 * Writes a report into a folder: the page `report.html`, which needs no other file, and its pictures, each as SVG and
 * as PNG, into the folder `report` beside it. See `createReport`.
 *
 * The text of the PNGs is drawn with the fonts of the system. On a system without any, as in a small container, it is
 * missing from them, though not from page and SVGs: there install one, as with `apt-get install fonts-dejavu-core`.
 *
 * @throws Error if one of the packages vega, vega-lite and sharp is not installed, or a file cannot be written; and as `createReport`.
 */
export async function writeReport(folder: string, data: ReportData): Promise<ReportFiles> {
  expectFolder("writeReport", folder);
  expectReportData("writeReport", data);
  const libraries = await loadLibraries();
  const { html, pictures } = await drawReport(libraries, data);
  const pictureFolder = join(folder, RUN_FILES.pictures);
  await prepareOutputFolder(pictureFolder, []);

  const paths: string[] = [];
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await writeFileAtomically(path, content);
    paths.push(path);
  };
  for (const { name, svg } of pictures) {
    await write(join(pictureFolder, `${name}.svg`), svg);
    await write(join(pictureFolder, `${name}.png`), await rasterize(libraries, svg));
  }
  const page = join(folder, RUN_FILES.report);
  await writeFileAtomically(page, html);
  return { page, pictures: paths };
}
