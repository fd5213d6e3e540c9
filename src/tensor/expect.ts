/**
 * Checks of the arguments at the public edge of the library. Each returns the value it has checked, so that a
 * constructor can check and assign in one line, and each error names the place, the bound and what came.
 */

/** Characters of a string, and elements of an array, that an error message shows at most. */
const SHOWN_CHARACTERS = 60;
const SHOWN_ELEMENTS = 8;

/**
 * A value as an error message shows it: `2.5 (number)`, `"big" (string)`, `null`, `[1, 2]`, `an object`. It looks at no
 * property of an object and cuts what is long, so that anything may be described, a parsed file too.
 */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return describeArray(value, 2);
  if (typeof value === "object" || typeof value === "function") return describeObject(value);
  return `${typeof value === "string" ? quote(value) : String(value)} (${typeof value})`;
}

/** A text in quotation marks, cut if it is long: `"big"`. */
export function quote(text: string): string {
  return text.length > SHOWN_CHARACTERS
    ? `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}...`
    : JSON.stringify(text);
}

function describeObject(value: object): string {
  // the class is asked of the prototype: the object itself may have a property of that name
  const kind: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof kind === "string" && kind !== "" && kind !== "Object"
    ? `a value of type ${kind.replace(/^_/, "")}` // bundlers make _Tensor of Tensor
    : `an ${typeof value}`;
}

/** A short array with its elements, which may be arrays themselves (`levels` of them are shown). */
function describeArray(value: readonly unknown[], levels: number): string {
  if (levels === 0 || value.length > SHOWN_ELEMENTS) return "an array";
  const show = (element: unknown): string => {
    if (Array.isArray(element)) return describeArray(element, levels - 1);
    if (typeof element === "string") return quote(element);
    return typeof element === "object" || typeof element === "function" ? describe(element) : String(element);
  };
  return `[${Array.from(value, show).join(", ")}]`;
}

/**
 * Refuses an argument of the wrong type.
 *
 * @throws TypeError `Random.uniform: expected low to be a number, got "1" (string).`
 */
export function refuse(where: string, name: string, what: string, value: unknown): never {
  throw new TypeError(`${where}: expected ${name} to be ${what}, got ${describe(value)}.`);
}

/**
 * Options: an object, as braces make it. A number in their place, as others take it, would be passed over in silence.
 *
 * @throws TypeError `Adam: expected options to be an object, as in { name: value }, got 0.01 (number).`
 */
export function expectOptions<T extends object>(where: string, options: T): T {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return options;
  return refuse(where, "options", "an object, as in { name: value }", options);
}

/** True for a list or a typed array; what is in it is not looked at. */
export function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Bounds of a number; `min` and `max` are allowed values, `above` and `below` are not. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

function within(value: number, { min, max, above, below }: Bounds): boolean {
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

function formatBounds({ min, max, above, below }: Bounds): string {
  const bounds: string[] = [];
  if (min !== undefined) bounds.push(`>= ${min}`);
  if (above !== undefined) bounds.push(`> ${above}`);
  if (max !== undefined) bounds.push(`<= ${max}`);
  if (below !== undefined) bounds.push(`< ${below}`);
  return bounds.length > 0 ? ` ${bounds.join(" and ")}` : "";
}

/**
 * A finite number within `bounds`.
 *
 * @throws RangeError `Dropout: expected rate to be a finite number >= 0 and < 1, got 2 (number).`
 */
export function expectNumber(where: string, name: string, value: number, bounds: Bounds = {}): number {
  if (Number.isFinite(value) && within(value, bounds)) return value;
  throw new RangeError(
    `${where}: expected ${name} to be a finite number${formatBounds(bounds)}, got ${describe(value)}.`,
  );
}

/**
 * A whole number within `bounds`.
 *
 * @throws RangeError `Dense: expected units to be a whole number >= 1, got 2.5 (number).`
 */
export function expectInteger(where: string, name: string, value: number, bounds: Bounds = {}): number {
  if (Number.isSafeInteger(value) && within(value, bounds)) return value;
  throw new RangeError(
    `${where}: expected ${name} to be a whole number${formatBounds(bounds)}, got ${describe(value)}.`,
  );
}

/**
 * One of a list of words.
 *
 * @throws RangeError `Conv2D: expected padding to be "valid" or "same", got "full" (string).`
 */
export function expectOneOf<T extends string>(where: string, name: string, value: T, words: readonly T[]): T {
  if (words.includes(value)) return value;
  const list = words.map((word) => JSON.stringify(word)).join(" or ");
  throw new RangeError(`${where}: expected ${name} to be ${list}, got ${describe(value)}.`);
}

/**
 * True or false, and nothing that merely looks like it.
 *
 * @throws TypeError `Dense: expected useBias to be true or false, got 1 (number).`
 */
export function expectBoolean(where: string, name: string, value: boolean): boolean {
  if (typeof value === "boolean") return value;
  return refuse(where, name, "true or false", value);
}

/** One or two whole numbers: `3` and `[3, 3]` both mean 3 rows and 3 columns. */
export type Pair = number | readonly [number, number];

/**
 * A height and a width of at least 1.
 *
 * @throws RangeError if either is not.
 */
export function expectPair(where: string, name: string, value: Pair): readonly [number, number] {
  const pair = typeof value === "number" ? [value, value] : value;
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new RangeError(
      `${where}: expected ${name} to be a whole number or a pair of them, got ${describe(value)}.`,
    );
  }
  const [height, width] = pair as [number, number];
  return [expectInteger(where, name, height, { min: 1 }), expectInteger(where, name, width, { min: 1 })];
}
