import type { Parameters } from "./target.js";

/** The place of a value in the arguments of a call: `["options", "strides", "0"]`. */
export type Path = readonly string[];

/** How deep options are taken apart. */
const DEEPEST = 4;
/** How many elements of a list are looked at. */
const MOST_ELEMENTS = 3;

/** True for an object that a caller writes out with braces. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The places of all arguments, and of what is in them: the fields of options and the elements of lists. */
export function pathsOf(parameters: Parameters): Path[] {
  const paths: Path[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (path.length > 0) paths.push(path);
    if (path.length === DEEPEST) return;
    if (Array.isArray(value)) {
      for (const [i, element] of value.slice(0, MOST_ELEMENTS).entries())
        visit(element, [...path, String(i)]);
    } else if (isPlainObject(value)) {
      for (const [key, field] of Object.entries(value)) visit(field, [...path, key]);
    }
  };
  visit(parameters, []);
  return paths;
}

/** What is in a place. */
export function valueAt(parameters: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    parameters,
  );
}

/** The same arguments with another value in one place; nothing is changed that was given. */
export function replaceAt<T>(value: T, [key, ...rest]: Path, replacement: unknown): T {
  if (key === undefined) return replacement as T;
  const inner = replaceAt(valueAt(value, [key]), rest, replacement);
  if (Array.isArray(value)) return (Number(key) < value.length ? value.with(Number(key), inner) : value) as T;
  // another replacement may have put something else here before
  return isPlainObject(value) ? { ...value, [key]: inner } : value;
}

/** The names in a path and of all that is in the value there: what an error may blame for it. */
export function namesAt(parameters: Parameters, path: Path): string[] {
  const inner = valueAt(parameters, path);
  const below = isPlainObject(inner) || Array.isArray(inner) ? pathsOf({ inner: inner }).flat() : [];
  return [...path, ...below].filter((name) => name !== "inner" && !/^\d+$/.test(name));
}
