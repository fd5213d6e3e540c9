import type { Page } from "playwright-core";

/** A point of the drawing pad, from 0 to 1 along each side. */
type Point = readonly [x: number, y: number];

/** Digits as a hand draws them, each in one stroke. */
export const STROKES = {
  zero: Array.from({ length: 17 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 16;
    return [0.5 - 0.2 * Math.sin(angle), 0.5 - 0.33 * Math.cos(angle)];
  }),
  one: [
    [0.52, 0.15],
    [0.48, 0.85],
  ],
  seven: [
    [0.25, 0.2],
    [0.72, 0.2],
    [0.42, 0.85],
  ],
} as const satisfies Record<string, readonly Point[]>;

const STEPS = 3; // moves of the pointer between two points of a stroke

/** Draws a line on the pad with the mouse. */
export async function drawWithMouse(page: Page, stroke: readonly Point[]): Promise<void> {
  const [first, ...rest] = await placesOn(page, stroke);
  await page.mouse.move(first!.x, first!.y);
  await page.mouse.down();
  for (const { x, y } of rest) await page.mouse.move(x, y);
  await page.mouse.up();
}

/** Draws a line on the pad with a finger. */
export async function drawWithFinger(page: Page, stroke: readonly Point[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const [first, ...rest] = await placesOn(page, stroke);
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [first!] });
  for (const place of rest) {
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [place] });
  }
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** Where a pointer goes that draws the stroke, in pixels of the window. */
async function placesOn(page: Page, stroke: readonly Point[]): Promise<{ x: number; y: number }[]> {
  const pad = page.locator("canvas#pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error("placesOn: expected a drawing pad that can be seen, got none.");
  const corners = stroke.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  return corners.flatMap((to, i) => {
    const from = corners[i - 1];
    if (!from) return [to];
    return Array.from({ length: STEPS }, (_, k) => {
      const t = (k + 1) / STEPS;
      return { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) };
    });
  });
}
