import type { ImageLayout } from "../formats/onnx/image-layout.js";
import { listOf } from "../node/words.js";
import { UsageError } from "./failure.js";

/** Reads the text of an option's value, or throws a `UsageError` that names the option and what it takes. */
export type ValueParser<Value> = (text: string) => Value;

/**
 * A whole number, in digits.
 *
 * @throws UsageError `--epochs: expected a whole number >= 1, got "1.5".`, or `from 1 to 64` where there is a maximum.
 */
export function wholeNumber(option: string, min: number, max = Infinity): ValueParser<number> {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw refuse(option, `a whole number ${max < Infinity ? `from ${min} to ${max}` : `>= ${min}`}`, text);
  };
}

/**
 * A number above zero, such as 0.001 or 1e-3.
 *
 * @throws UsageError `--learning-rate: expected a number > 0, got "fast".`
 */
export function positiveNumber(option: string): ValueParser<number> {
  return (text) => {
    const value = decimal(text);
    if (Number.isFinite(value) && value > 0) return value;
    throw refuse(option, "a number > 0", text);
  };
}

/**
 * A share as 0.975 or as 97.5%.
 *
 * @throws UsageError `--min-accuracy: expected a share from 0 to 1, or a percentage such as 97.5%, got "97.5".`
 */
export function share(option: string): ValueParser<number> {
  return (text) => {
    const value = shareOf(text);
    if (value >= 0 && value <= 1) return value;
    throw refuse(option, "a share from 0 to 1, or a percentage such as 97.5%", text);
  };
}

/**
 * A share that leaves something on both sides.
 *
 * @throws UsageError `--holdout: expected a share above 0 and below 1, or a percentage such as 20%, got "1".`
 */
export function properShare(option: string): ValueParser<number> {
  return (text) => {
    const value = shareOf(text);
    if (value > 0 && value < 1) return value;
    throw refuse(option, "a share above 0 and below 1, or a percentage such as 20%", text);
  };
}

/** 0.975 as well as 97.5%; NaN for anything else. */
function shareOf(text: string): number {
  return text.endsWith("%") ? decimal(text.slice(0, -1)) / 100 : decimal(text);
}

/**
 * One of a list of words.
 *
 * @throws UsageError `--model: expected reference, lenet or compact, got "resnet".`
 */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): ValueParser<Word> {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw refuse(option, listOf(words, "or"), text);
  };
}

/**
 * A layout of images, in small letters as other words of the command line.
 *
 * @throws UsageError `--layout: expected nhwc or nchw, got "hwc".`
 */
export function layout(option: string): ValueParser<ImageLayout> {
  const read = oneOf(option, ["nhwc", "nchw"]);
  return (text) => (read(text.toLowerCase()) === "nhwc" ? "NHWC" : "NCHW");
}

/**
 * The path of a folder, that is any text at all.
 *
 * @throws UsageError `--out: expected a folder, got "".`
 */
export function folder(option: string): ValueParser<string> {
  return anyText(option, "a folder");
}

/**
 * The path of a file or a folder.
 *
 * @throws UsageError `--data: expected a file or a folder, got "".`
 */
export function path(option: string): ValueParser<string> {
  return anyText(option, "a file or a folder");
}

/**
 * The path of a file.
 *
 * @throws UsageError `<test.csv>: expected a file, got "".`
 */
export function file(option: string): ValueParser<string> {
  return anyText(option, "a file");
}

/** Several files, one after the other, as commander collects them. */
export function files(option: string): (text: string, earlier?: readonly string[]) => readonly string[] {
  const read = file(option);
  return (text, earlier = []) => [...earlier, read(text)];
}

function anyText(option: string, expected: string): ValueParser<string> {
  return (text) => {
    if (text !== "") return text;
    throw refuse(option, expected, text);
  };
}

/** The number that a decimal text stands for, or NaN; unlike `Number`, which also takes "", " 1" and "0x1". */
function decimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function refuse(option: string, expected: string, text: string): UsageError {
  return new UsageError(`${option}: expected ${expected}, got ${JSON.stringify(text)}.`);
}
