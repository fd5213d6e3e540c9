import { defineConfig } from "vitest/config";

// in one process without isolation, which is ten times as fast
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    testTimeout: 30_000,
    setupFiles: ["test/setup.ts", "trust/mutants/fixed-seed.ts"],
    include: process.env.MUTANT_TESTS?.split(" ") ?? [], // the tests that mutants have to get past
    env: { TINYCONV_THREADS: "1" },
    isolate: false,
  },
});
