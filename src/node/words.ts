/** Words as a sentence lists them: `reference`, `simd or plain`, `vega, vega-lite and sharp`. */
export function listOf(words: readonly string[], conjunction: "and" | "or"): string {
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} ${conjunction} ${last}` : last;
}
