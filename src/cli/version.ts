import { createRequire } from "node:module";

// by the package's own name, which leads to its package.json from src and from dist alike
const manifest: { readonly version: string } = createRequire(import.meta.url)("tinyconv/package.json");

/** The version of this package, as its package.json states it. */
export const { version } = manifest;
