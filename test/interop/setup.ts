import { interopNotice, MISSING } from "./packages.js";

/** Says, before the first test, that tests are skipped; see `interopNotice`. */
export function setup(): void {
  const notice = interopNotice(MISSING, process.env.TINYCONV_INTEROP);
  if (notice !== undefined) console.warn(`\n${notice}\n`);
}
