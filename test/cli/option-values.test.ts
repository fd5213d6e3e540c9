import { describe, expect, test } from "vitest";
import { ExitCode, UsageError } from "../../src/cli/failure.js";
import {
  file,
  files,
  folder,
  layout,
  oneOf,
  positiveNumber,
  share,
  type ValueParser,
  wholeNumber,
} from "../../src/cli/option-values.js";

/** The message a parser refuses a text with. */
function refusal(parse: ValueParser<unknown>, text: string): string {
  try {
    return `accepted ${parse(text)}`;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).exitCode).toBe(ExitCode.badInput);
    return (error as UsageError).message;
  }
}

const hint = 'Run "tinyconv --help" for the options.';

describe("wholeNumber", () => {
  test("takes digits", () => {
    expect(wholeNumber("--epochs", 1)("1")).toBe(1);
    expect(wholeNumber("--epochs", 1)("0012")).toBe(12);
    expect(wholeNumber("--seed", 0)("0")).toBe(0);
    expect(wholeNumber("--seed", 0)("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    "0",
    "-1",
    "1.5",
    "1.0",
    "1e3",
    "0x10",
    "+1",
    " 1",
    "1 ",
    "1,000",
    "",
    "NaN",
    "Infinity",
    "abc",
  ])("refuses %j, and says what it takes", (text) => {
    expect(refusal(wholeNumber("--epochs", 1), text)).toBe(
      `--epochs: expected a whole number >= 1, got ${JSON.stringify(text)}. ${hint}`,
    );
  });

  test("has a maximum where it is given one", () => {
    expect(wholeNumber("--threads", 1, 64)("64")).toBe(64);
    expect(refusal(wholeNumber("--threads", 1, 64), "65")).toBe(
      `--threads: expected a whole number from 1 to 64, got "65". ${hint}`,
    );
  });

  test("refuses what a number cannot hold exactly", () => {
    expect(refusal(wholeNumber("--seed", 0), "9007199254740992")).toBe(
      `--seed: expected a whole number >= 0, got "9007199254740992". ${hint}`,
    );
  });
});

describe("positiveNumber", () => {
  test.each([
    ["0.001", 0.001],
    ["1e-3", 0.001],
    [".5", 0.5],
    ["2.", 2],
    ["1E+1", 10],
  ])("takes %s", (text, value) => {
    expect(positiveNumber("--learning-rate")(text)).toBe(value);
  });

  test.each([
    "0",
    "0.0",
    "-0.1",
    "1e999",
    "1e-999",
    "NaN",
    "Infinity",
    "",
    " 1",
    "0x1",
    "1e",
    ".",
    "1_0",
    "fast",
  ])("refuses %j", (text) => {
    expect(refusal(positiveNumber("--learning-rate"), text)).toBe(
      `--learning-rate: expected a number > 0, got ${JSON.stringify(text)}. ${hint}`,
    );
  });
});

describe("share", () => {
  test.each([
    ["0", 0],
    ["1", 1],
    ["0.975", 0.975],
    ["97.5%", 0.975],
    ["0%", 0],
    ["100%", 1],
    ["0.5%", 0.005],
  ])("takes %s", (text, value) => {
    expect(share("--min-accuracy")(text)).toBe(value);
  });

  test.each(["97.5", "1.01", "100.1%", "-1%", "-0.1", "%", "", "NaN", "high", "97.5 %", "97.5%%"])(
    "refuses %j",
    (text) => {
      expect(refusal(share("--min-accuracy"), text)).toBe(
        `--min-accuracy: expected a share from 0 to 1, or a percentage such as 97.5%, got ${JSON.stringify(text)}. ${hint}`,
      );
    },
  );
});

describe("oneOf", () => {
  const parse = oneOf("--model", ["reference", "lenet", "compact"]);

  test("takes a word of its list", () => {
    expect(parse("compact")).toBe("compact");
  });

  test.each(["resnet", "LeNet", "", "toString"])("refuses %j, and lists the words", (text) => {
    expect(refusal(parse, text)).toBe(
      `--model: expected reference, lenet or compact, got ${JSON.stringify(text)}. ${hint}`,
    );
  });
});

describe("folder", () => {
  test("takes any text but none", () => {
    expect(folder("--out")("runs/my run")).toBe("runs/my run");
    expect(refusal(folder("--out"), "")).toBe(`--out: expected a folder, got "". ${hint}`);
  });
});

describe("file and files", () => {
  test("take any text but none", () => {
    expect(file("<test.csv>")("my test.csv")).toBe("my test.csv");
    expect(refusal(file("<test.csv>"), "")).toBe(`<test.csv>: expected a file, got "". ${hint}`);
  });

  test("collect what comes one by one", () => {
    const read = files("<image>");
    expect(read("b.png", read("a.png"))).toEqual(["a.png", "b.png"]);
    expect(() => read("", ["a.png"])).toThrow('<image>: expected a file, got "".');
  });
});

describe("layout", () => {
  test("takes two words, in small or large letters", () => {
    expect(["nhwc", "nchw", "NCHW"].map(layout("--layout"))).toEqual(["NHWC", "NCHW", "NCHW"]);
    expect(refusal(layout("--layout"), "chwn")).toBe(`--layout: expected nhwc or nchw, got "chwn". ${hint}`);
  });
});
