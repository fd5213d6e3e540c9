import type { DrivenBrowser } from "./browsers.js";
import type { Trained, Training } from "./training.js";
import type { WorkerAnswer } from "./worker-entry.js";

/** So long a page may take until its threads are up, in milliseconds. */
const PATIENCE = 60_000;

/** How often a training is begun that does not start. */
const ATTEMPTS = 3;

type PageAnswer = Exclude<WorkerAnswer, "started"> | "not started";

/**
 * Trains in a page of the site, in a worker of its own, as a page should that goes on being used meanwhile.
 *
 * In Firefox, on a busy machine, a worker that starts another one may never return from `new Worker`: the page's main
 * thread has to note each worker in its list, and the word that it has done so can wake the new worker in place of the one
 * that waits for it. So where no training starts, another page tries again. One that has started counts, whatever comes out.
 *
 * @throws Error for what the worker throws, or if it cannot be started.
 */
export async function runInPage(
  browser: Pick<DrivenBrowser, "newPage">,
  url: string,
  training: Training,
  patience = PATIENCE,
): Promise<Trained> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await askPage(browser, url, training, patience);
    if (answer === "not started") continue;
    if ("error" in answer) throw new Error(`${url}: expected trained weights, got: ${answer.error}`);
    return answer.trained;
  }
  throw new Error(
    `${url}: expected a training to start within ${patience / 1000} s, got none in ${ATTEMPTS} pages.`,
  );
}

async function askPage(
  browser: Pick<DrivenBrowser, "newPage">,
  url: string,
  training: Training,
  patience: number,
): Promise<PageAnswer> {
  const page = await browser.newPage();
  await page.goto(url);
  return page.evaluate(
    ({ training, patience }) =>
      new Promise<PageAnswer>((resolve) => {
        const timer = setTimeout(() => resolve("not started"), patience);
        const worker = new Worker("./worker-entry.js", { type: "module" });
        worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
          clearTimeout(timer);
          if (data !== "started") resolve(data);
        };
        worker.onerror = ({ message }) => resolve({ error: message || "the worker cannot be loaded" });
        worker.postMessage(training);
      }),
    { training, patience },
  );
}
