import type { Page } from "playwright-core";

/**
 * What goes wrong on a page, as it goes wrong: what it writes to the console as an error or a warning, what it throws,
 * what it cannot load, what its content security policy forbids, and what it asks of other sites.
 */
export async function watch(page: Page, origin: string): Promise<string[]> {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => {
    problems.push(`failed: ${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (!response.ok()) problems.push(`answered with ${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    // what the page has made itself
    if (protocol !== "data:" && protocol !== "blob:" && asked !== origin) {
      problems.push(`another site: ${request.url()}`);
    }
  });
  await page.exposeFunction("reportViolation", (directive: string) => {
    problems.push(`forbidden by the policy: ${directive}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      const { reportViolation } = globalThis as typeof globalThis & {
        readonly reportViolation: (directive: string) => void;
      };
      reportViolation(effectiveDirective);
    });
  });
  return problems;
}
