import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { digitsPlugin } from "./digits-plugin.js";

const root = import.meta.dirname;
const src = resolve(root, "..", "src");

/** What a page that shares memory between threads has to be served with; without it, one thread computes. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Nothing from elsewhere, nothing inline; and kernels may be compiled, which TypeScript assembles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Puts the policy into the built page, so that it holds on any host. The server for development adds scripts of its own. */
function policyPlugin(): Plugin {
  return {
    name: "tinyconv-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

export default defineConfig({
  root,
  base: "./", // a folder of any site
  plugins: [digitsPlugin(), policyPlugin()],
  resolve: {
    alias: [
      { find: /^tinyconv$/, replacement: resolve(src, "index.ts") },
      { find: /^tinyconv\/mnist$/, replacement: resolve(src, "mnist", "index.ts") },
      { find: /^tinyconv\/onnx$/, replacement: resolve(src, "formats", "onnx", "index.ts") },
    ],
  },
  server: { headers: isolation, fs: { allow: [resolve(root, "..")] } },
  preview: { headers: isolation },
  build: { outDir: resolve(root, "..", "build", "web"), emptyOutDir: true, target: "es2022" },
});
