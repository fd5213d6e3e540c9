/**
 * The licences that packages may have: they ask for no more than a notice, or, as the LGPL and the MPL, for changes of the
 * package itself to be published. None says anything about who uses tinyconv.
 */
export const ALLOWED_LICENCES: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-4.0", // a table of browsers, caniuse-lite
  "CC0-1.0",
  "ISC",
  "LGPL-3.0-or-later", // libvips, which sharp loads as a library of its own
  "MIT",
  "MPL-2.0", // lightningcss, which Vite loads, and axe-core
  "Python-2.0",
  "Unlicense",
];

/** True if all licences of an SPDX expression are allowed, also where one of them would do. */
export function isAllowed(expression: string | undefined): boolean {
  if (!expression) return false;
  const licences = expression.split(/\s+(?:AND|OR)\s+|[()]/).filter((licence) => licence !== "");
  return licences.length > 0 && licences.every((licence) => ALLOWED_LICENCES.includes(licence));
}
