import { measureCoverage } from "./measure.js";
import { count, type FileBranches, LEAST, percent, untaken } from "./summary.js";

/** The branches of a folder of `src`, or of all. */
export interface Share {
  readonly folder: string;
  readonly taken: number;
  readonly all: number;
  readonly percent: number;
}

/**
 * Measures the branches of `src` that the tests take, and gives the shares of all and of each folder.
 *
 * @throws if it is less than 95 % of all, with those that no test takes.
 */
export async function proveCoverage(root: string, log: (line: string) => void): Promise<readonly Share[]> {
  return sharesOf(await measureCoverage(root, log));
}

/** The shares of all files, as `src`, and of each folder in it; throws if that of all is too small. */
export function sharesOf(files: readonly FileBranches[]): Share[] {
  const folders = [...new Set(files.map(({ file }) => folderOf(file)))].filter((folder) => folder !== "src");
  const all = shareOf("src", files);
  if (all.percent < LEAST) {
    const missing = untaken(files).join("\n");
    throw new Error(
      `Coverage: expected ${LEAST} % of the branches of src, got ${all.percent} %.\n${missing}`,
    );
  }
  return [
    all,
    ...folders.map((folder) =>
      shareOf(
        folder,
        files.filter(({ file }) => folderOf(file) === folder),
      ),
    ),
  ];
}

function shareOf(folder: string, files: readonly FileBranches[]): Share {
  const counted = count(files);
  return { folder, ...counted, percent: percent(counted) };
}

/** `src/tensor` of `src/tensor/simd/dense.ts`, and `src` of `src/index.ts`. */
function folderOf(file: string): string {
  return file
    .split("/")
    .slice(0, 2)
    .filter((part) => !part.endsWith(".ts"))
    .join("/");
}
