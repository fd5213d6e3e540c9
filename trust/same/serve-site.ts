import { preview } from "vite";

/** What a page is served with that may share memory between threads. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** A folder of files, served on this machine. */
export interface ServedSite {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the folder on a free port, as a host does that isolates its pages, or as one does that knows nothing of it. */
export async function serveSite(folder: string, isolated: boolean): Promise<ServedSite> {
  const server = await preview({
    configFile: false,
    appType: "mpa", // what is not there is not found: no page in its place
    root: folder,
    build: { outDir: folder },
    logLevel: "error",
    preview: { port: 0, open: false, headers: isolated ? ISOLATION : {} },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("serveSite: expected an address of this machine, got none.");
  return { url, close: () => server.close() };
}
