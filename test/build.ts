import { execSync } from "node:child_process";

/** Builds `dist` once, before the first of the tests that run the built package. */
export function setup(): void {
  execSync("npm run --silent build -- --silent", { stdio: "inherit" });
}
