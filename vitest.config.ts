import { defineConfig } from "vitest/config";

// these tests run the built package; all others run the sources, and need not wait for a build
const built = [
  "test/package.test.ts",
  "test/readme.test.ts",
  "test/cli/**/*.test.ts",
  "test/tensor/simd/threads*.test.ts", // a worker thread needs the built file
  "test/tensor/simd/surroundings.test.ts",
];

// a file for the results as JSON, besides the report on the terminal
const report = process.env.TEST_REPORT;

export default defineConfig({
  // "tinyconv" is src/index.ts, as tsconfig.json says
  resolve: { tsconfigPaths: true },
  test: {
    testTimeout: 30_000,
    setupFiles: ["test/setup.ts"],
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "source",
          include: ["test/**/*.test.ts"],
          exclude: built,
          env: { TINYCONV_THREADS: "1" },
        },
      },
      { extends: true, test: { name: "built", include: built, globalSetup: "test/build.ts" } },
    ],
  },
});
