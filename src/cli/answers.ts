import type { TestResult } from "../model/test-model.js";
import { countOf, formatCount, formatPercent } from "../node/numbers.js";

/** How many of the answers to so many images are right. */
export interface Answers {
  readonly right: number;
  readonly images: number;
}

/** The answers of a test, or of several together. */
export function countAnswers(results: readonly Pick<TestResult, "images" | "mistakes">[]): Answers {
  const images = results.reduce((sum, result) => sum + result.images, 0);
  const wrong = results.reduce((sum, { mistakes }) => sum + mistakes.length, 0);
  return { right: images - wrong, images };
}

/** `98.12%: 188 of 10,000 images wrong` */
export function formatAccuracy(answers: Answers): string {
  return `${formatPercent(answers.right / answers.images)}: ${formatWrong(answers)}`;
}

/** `188 of 10,000 images wrong` */
export function formatWrong({ right, images }: Answers): string {
  return `${formatCount(images - right)} of ${countOf(images, "image")} wrong`;
}

/**
 * Why answers have failed of which a smaller share than `minAccuracy` is right; nothing if it is not smaller:
 *
 * ```
 * expected a test accuracy of at least 97.5%, got 97.49% (9,749 of 10,000).
 * ```
 *
 * @param what The name of the share, with its article.
 */
export function formatShortfall(
  { right, images }: Answers,
  minAccuracy: number,
  what: string,
): string | undefined {
  if (right / images >= minAccuracy) return undefined;
  // to twelve digits, so that 0.07 is 7% and not 7.000000000000001%
  const wanted = `${Number((100 * minAccuracy).toPrecision(12))}%`;
  const got = `${formatPercent(right / images)} (${formatCount(right)} of ${formatCount(images)})`;
  return `expected ${what} of at least ${wanted}, got ${got}.`;
}
