import { defineConfig } from "vitest/config";

// these tests run the built package; all others run the sources, and need not wait for a build
const built = [
  "test/package.test.ts",
  "test/readme.test.ts",
  "test/other-machines.test.ts",
  "test/cli/**/*.test.ts",
  "test/tensor/simd/threads*.test.ts", // a worker thread needs the built file
  "test/tensor/simd/surroundings.test.ts",
  "test/trust/load-*.test.ts", // processes of their own
  "test/trust/same.test.ts",
  "test/trust/faults-processes.test.ts",
];

// these run exported files in other runtimes, and are skipped where the packages of test/interop are missing
const interop = ["test/interop/*.test.ts"];

// these use the page in Chromium, and are skipped where there is none
const browser = ["test/browser/*.test.ts"];

// where the processes that tests start write what they took of the built package: trust/coverage sets it
const childCoverage = process.env.CHILD_COVERAGE;

// a file for the results as JSON, besides the report on the terminal
const report = process.env.TEST_REPORT;

export default defineConfig({
  // "tinyconv" is src/index.ts, as tsconfig.json says
  resolve: { tsconfigPaths: true },
  test: {
    // hooks train and build; counting what is taken makes all of it slower
    testTimeout: childCoverage ? 300_000 : 30_000,
    hookTimeout: childCoverage ? 300_000 : 60_000,
    setupFiles: ["test/setup.ts"],
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    coverage: {
      include: ["src/**/*.ts"],
      reporter: ["json", "text-summary"],
      reportsDirectory: "build/coverage",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "source",
          include: ["test/**/*.test.ts"],
          exclude: [...built, "test/interop/**", "test/browser/**"],
          env: { TINYCONV_THREADS: "1" },
        },
      },
      {
        extends: true,
        test: {
          name: "interop",
          include: interop,
          env: { TINYCONV_THREADS: "1" },
          globalSetup: "test/interop/setup.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: browser,
          env: { TINYCONV_THREADS: "1" },
          expect: { poll: { timeout: 10_000 } },
          globalSetup: "test/browser/setup.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "built",
          include: built,
          env: childCoverage ? { NODE_V8_COVERAGE: childCoverage } : {},
          globalSetup: "test/build.ts",
        },
      },
    ],
  },
});
