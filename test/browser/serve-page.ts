import { execSync } from "node:child_process";
import { join } from "node:path";
import { preview } from "vite";

/** Where the built page lies. */
export const BUILT = join("build", "web");

// a folder of a site, as most hosts have it
const FOLDER = "/tinyconv/";

/** Builds the page of `web/` into `build/web`, as it is published. */
export function buildPage(): void {
  // vitest has made NODE_ENV "test", which vite would build for
  const env = { ...process.env, NODE_ENV: "production" };
  execSync("npx vite build web --logLevel warn", { stdio: "inherit", env });
}

/** Serves the built page on a free port, with the headers that `web/vite.config.ts` has for it. */
export async function servePage(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = await preview({
    appType: "mpa", // what is not there is not found: no page in its place

    root: "web",
    base: FOLDER,
    logLevel: "error",
    preview: { port: 0, open: false },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("servePage: expected an address of this machine, got none.");
  return { url, close: () => server.close() };
}
