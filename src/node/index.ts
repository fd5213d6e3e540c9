/*
 * The entry "tinyconv/node": files and folders.
 */

export {
  Checkpoints,
  type CheckpointsOptions,
  type ResumedTraining,
  type ResumeOptions,
} from "./checkpoints.js";
export type { ReadOptions } from "./csv-rows.js";
export { readTestCsv, readTrainCsv } from "./digit-csv.js";
export { type ExportOptions, exportKaggleCsv, type KaggleCsv } from "./export-csv.js";
export { type MnistData, type MnistFolderOptions, readMnistFolder } from "./mnist-folder.js";
export { findMnistData } from "./mnist-package.js";
export { readCheckpoint, readModel, writeCheckpoint, writeModel } from "./model-files.js";
export { prepareOutputFolder } from "./output-folder.js";
export { type DecodedImage, readImage } from "./read-image.js";
export { createReport, type Report, type ReportPicture } from "./report/report.js";
export type { ReportData } from "./report/report-data.js";
export { type ReportFiles, writeReport } from "./report/write-report.js";
export type { Resolve } from "./resolve-package.js";
export { readRunMetrics, readRunModel } from "./run-folder.js";
export type { Repeats, RunFigures, RunMetrics, RunSettings } from "./run-metrics.js";
export { readAnswers, writeSubmission } from "./submission.js";
export { type FilePiece, writeFileAtomically } from "./write-file.js";
