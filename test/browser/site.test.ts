import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { drawSeven } from "./drawn.js";
import { BROWSER } from "./launch.js";
import { useBrowser } from "./open-page.js";
import { BUILT } from "./serve-page.js";

const MAX_BYTES = 400_000; // compressed
const DIGITS = "digits.bin"; // loaded only when it is asked for

describe.skipIf(BROWSER === undefined)("the built site", () => {
  const openPage = useBrowser();

  test(`is smaller than ${MAX_BYTES / 1000} kB when compressed, without the digits`, () => {
    const sizes = readdirSync(BUILT, { recursive: true, encoding: "utf8" })
      .filter((file) => statSync(join(BUILT, file)).isFile() && !file.endsWith(DIGITS))
      .map((file) => ({ file, bytes: gzipSync(readFileSync(join(BUILT, file))).length }));
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total, JSON.stringify(sizes)).toBeLessThan(MAX_BYTES);
  });

  test.each([true, false])("works on a host that sends isolation headers: %s", async (isolated) => {
    const { page } = await openPage({ isolated });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
    await drawSeven(page);
  });

  test("has a policy that allows its own files, WebAssembly and nothing else", async () => {
    const { page } = await openPage();
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
    const directives = Object.fromEntries(
      policy!
        .split(";")
        .filter((directive) => directive.trim() !== "")
        .map((directive) => {
          const [name, ...sources] = directive.trim().split(/\s+/);
          return [name!, sources.sort()];
        }),
    );
    expect(directives).toEqual({
      "default-src": ["'none'"],
      "script-src": ["'self'", "'wasm-unsafe-eval'"],
      "style-src": ["'self'"],
      "img-src": ["'self'", "blob:", "data:"],
      "worker-src": ["'self'"],
      "connect-src": ["'self'"],
      "base-uri": ["'none'"],
      "form-action": ["'none'"],
    });
  });

  test("lets nothing in and nothing out that its policy does not name", async () => {
    const { page, problems } = await openPage({ expectsProblems: true });
    await page.locator("canvas#pad").waitFor();
    await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'let in'";
      document.head.append(script);
      document.body.insertAdjacentHTML("beforeend", '<p style="color: red">styled</p>');
      await fetch("https://example.invalid/").catch(() => undefined);
    });
    const violations = () => problems.filter((problem) => problem.startsWith("forbidden by the policy: "));
    await expect.poll(() => violations().length).toBe(3);
    expect(violations().sort()).toEqual([
      "forbidden by the policy: connect-src",
      "forbidden by the policy: script-src-elem",
      "forbidden by the policy: style-src-attr",
    ]);
    expect(await page.title()).not.toBe("let in");
  });

  test("says so where its network cannot be loaded", async () => {
    const { page } = await openPage({ expectsProblems: true });
    await page.route("**/compact.safetensors", (route) => route.fulfill({ status: 404 }));
    await page.reload();
    await expect
      .poll(() => page.getByRole("alert").first().innerText())
      .toBe(
        "The page cannot start: compact.safetensors: expected the server to have it, got the answer 404. Load it again.",
      );
  });
});
