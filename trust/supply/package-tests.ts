import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs test/package.test.ts, and gives the number of its tests; throws if one of them fails. */
export function runPackageTests(): number {
  const folder = mkdtempSync(join(tmpdir(), "tinyconv-package-"));
  const report = join(folder, "report.json");
  try {
    const vitest = join("node_modules", "vitest", "vitest.mjs");
    const args = [vitest, "run", "--project", "built", "test/package.test.ts"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, TEST_REPORT: report },
    });
    if (status !== 0) throw new Error(`test/package.test.ts: expected no failure, got\n${stdout}\n${stderr}`);
    const { numPassedTests } = JSON.parse(readFileSync(report, "utf8")) as { numPassedTests: number };
    return numPassedTests;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
