/*
 * The entry "tinyconv/node": files and folders.
 */

export { type MnistData, type MnistFolderOptions, readMnistFolder } from "./mnist-folder.js";
export { findMnistData, type Resolve } from "./mnist-package.js";
export { prepareOutputFolder } from "./output-folder.js";
export { writeFileAtomically } from "./write-file.js";
