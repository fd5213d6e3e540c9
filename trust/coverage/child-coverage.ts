import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mergeProcessCovs, type ProcessCov } from "@bcoe/v8-coverage";
import convert from "ast-v8-to-istanbul";
import { parseAstAsync } from "vite";
import type { CoverageMap } from "./branches.js";

/**
 * What processes and threads of the built package took of the source, from the files that Node writes into the folder
 * NODE_V8_COVERAGE, by the source maps in `dist`: one map for each built file.
 */
export async function childCoverage(folder: string, root: string): Promise<CoverageMap[]> {
  const dist = pathToFileURL(join(root, "dist")).href;
  const processes = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => readProcess(join(folder, file)))
    .map(({ result }) => ({ result: result.filter(({ url }) => url.startsWith(`${dist}/`)) }));
  const { result } = mergeProcessCovs(processes);
  return Promise.all(
    result.map(async (coverage) => {
      const file = new URL(coverage.url);
      const code = readFileSync(file, "utf8");
      const sourceMap = JSON.parse(readFileSync(new URL(`${file.href}.map`), "utf8"));
      return convert({ ast: parseAstAsync(code), code, wrapperLength: 0, coverage, sourceMap });
    }),
  );
}

/** What a process wrote: nothing, if it was killed while it did. */
function readProcess(file: string): ProcessCov[] {
  const text = readFileSync(file, "utf8");
  return text.trimEnd().endsWith("}") ? [JSON.parse(text) as ProcessCov] : [];
}
