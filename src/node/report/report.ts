import { expectReportData } from "./expect-report-data.js";
import { type Libraries, loadLibraries } from "./libraries.js";
import { createPage } from "./page.js";
import { drawPicture } from "./picture.js";
import { createPictures } from "./pictures.js";
import type { ReportData } from "./report-data.js";

/** A picture of a report, as a file of its own. */
export interface ReportPicture {
  /** A name for the file, without an ending: `loss`. */
  readonly name: string;
  readonly title: string;
  /** The picture with its title, on white. */
  readonly svg: string;
}

/** A report on a trained network. */
export interface Report {
  /** The page, which needs no other file. */
  readonly html: string;
  readonly pictures: readonly ReportPicture[];
}

/**
 * A report on a trained network: what it answers, how it was trained, where it errs, what it is made of, and how to
 * train it again. The page works from the disk, without a network or a script, light or dark as the reader's system
 * is, and on a phone. The same data give the same bytes.
 *
 * ```ts
 * const model = await readRunModel("runs/latest");
 * const metrics = await readRunMetrics("runs/latest");
 * const report = await createReport({ model, metrics, test, result: await testModel(model, test) });
 * ```
 *
 * @throws Error if one of the packages vega, vega-lite and sharp is not installed, or the metrics are none.
 * @throws ShapeError if the result is of more or fewer images or classes than there are, or the images are not grey.
 * @throws TypeError or RangeError for what else is not what it should be.
 */
export async function createReport(data: ReportData): Promise<Report> {
  expectReportData("createReport", data);
  return drawReport(await loadLibraries(), data);
}

/** The report, of data that are checked, with libraries that are loaded already. */
export async function drawReport(libraries: Libraries, data: ReportData): Promise<Report> {
  const pictures = await createPictures(libraries, data);
  const drawn = await Promise.all(pictures.map((picture) => drawPicture(libraries, picture)));
  return {
    html: createPage(data, drawn),
    pictures: drawn.map(({ name, title, fileSvg }) => ({ name, title, svg: fileSvg })),
  };
}
