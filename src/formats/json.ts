import { quote } from "../tensor/expect.js";

/** A JSON object as `JSON.parse` returns it: every key, `__proto__` too, is a property of its own. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for `{...}`, false for arrays, `null` and the rest. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Elements of an array that an error message shows at most. */
const SHOWN_ELEMENTS = 8;

/**
 * A parsed JSON value as an error message shows it: `[0, 8]`, `"F16"`, `null`, `an object`. Unlike `describe` it shows
 * the beginning of a long array, and names no types: JSON shows them.
 */
export function describeJson(value: unknown): string {
  if (Array.isArray(value)) {
    const shown = value
      .slice(0, SHOWN_ELEMENTS)
      .map((v) => (Array.isArray(v) ? "an array" : describeJson(v)));
    return `[${shown.join(", ")}${value.length > SHOWN_ELEMENTS ? ", ..." : ""}]`;
  }
  if (typeof value === "string") return quote(value);
  return isJsonObject(value) ? "an object" : String(value);
}

/**
 * True if the text is made of whole characters, so that it survives UTF-8. JavaScript strings may also hold half
 * of a surrogate pair, which no encoding can write.
 */
export function isUnicode(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

// one byte of a text may become fifty of objects, and a text of 100 MB bring any engine to its end
const MOST_VALUES = 1_000_000;

/**
 * `JSON.parse` for a text from a stranger. It refuses what `JSON.parse` lets through and what RFC 7493 (I-JSON,
 * sections 2.1 and 2.3) forbids: a key that comes twice in an object, of which the first would be dropped in
 * silence, and half a surrogate pair. It also refuses arrays and objects nested more than `maxDepth` deep, and more
 * than a million values.
 *
 * @param where the function that reads, and `what` the thing it reads, for the messages.
 * @throws Error `decodeSafetensors: expected the header to have every key once, got "conv.kernel" twice.`
 */
export function parseStrictJson(where: string, what: string, text: string, maxDepth: number): unknown {
  const refuse = (wanted: string, got: string): never => {
    throw new Error(`${where}: expected ${what} to ${wanted}, got ${got}.`);
  };
  const parse = (part: string): unknown => {
    try {
      return JSON.parse(part);
    } catch {
      return refuse("be JSON", describeJson(part)); // the engine's own reason differs between engines
    }
  };

  // one walk over the text, before anything is built from it: strings are stepped over whole, so that every
  // bracket met is a real one. A text that is not JSON may take any path here; the last line refuses it.
  const open: Set<string>[] = []; // for each object or array we are inside of, the keys seen so far
  let values = 0; // at most as many as there are brackets and commas
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "{" || character === "[" || character === ",") values++;
    if (values > MOST_VALUES) refuse(`have at most ${MOST_VALUES} values`, "more");
    if (character === "{" || character === "[") {
      if (open.length === maxDepth) refuse(`nest at most ${maxDepth} deep`, "deeper nesting");
      open.push(new Set());
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, i);
      const string = String(parse(text.slice(i, end))); // "a" and "\u0061" are the same key
      if (!isUnicode(string)) refuse("be Unicode", `half a surrogate pair in ${describeJson(string)}`);
      const next = skipSpace(text, end);
      if (text[next] === ":") {
        const keys = open.at(-1);
        if (keys?.has(string)) refuse("have every key once", `${describeJson(string)} twice`);
        keys?.add(string);
      }
      i = next - 1; // the loop steps on to `next`
    }
  }
  return parse(text);
}

/** The index behind the closing quote of the string whose opening quote is at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}

/** The index of the first character, from `start` on, that is not JSON white space. */
function skipSpace(text: string, start: number): number {
  let i = start;
  while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") i++;
  return i;
}
