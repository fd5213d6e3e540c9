import type { DrivenBrowser } from "./browsers.js";
import type { Trained, Training } from "./training.js";
import type { WorkerAnswer } from "./worker-entry.js";

/**
 * Trains in a page of the site, in a worker of its own, as a page should that goes on being used meanwhile.
 *
 * @throws Error for what the worker throws, or if it cannot be started.
 */
export async function runInPage(browser: DrivenBrowser, url: string, training: Training): Promise<Trained> {
  const page = await browser.newPage();
  await page.goto(url);
  const answer = await page.evaluate(
    (training: Training) =>
      new Promise<WorkerAnswer>((resolve) => {
        const worker = new Worker("./worker-entry.js", { type: "module" });
        worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => resolve(data);
        worker.onerror = ({ message }) => resolve({ error: message || "the worker cannot be loaded" });
        worker.postMessage(training);
      }),
    training,
  );
  if ("error" in answer) throw new Error(`${url}: expected trained weights, got: ${answer.error}`);
  return answer.trained;
}
