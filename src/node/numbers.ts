/** A number of things, `60,000`. */
export function formatCount(value: number): string {
  return value.toLocaleString("en-US");
}

/** A share as a percentage, `98.12%`. */
export function formatPercent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)}%`;
}

/** Seconds as a clock shows them, `1:07` or `2:00:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}`;
}

/** `1 epoch`, `3 epochs`. */
export function countOf(value: number, thing: string): string {
  return `${formatCount(value)} ${thing}${value === 1 ? "" : "s"}`;
}
