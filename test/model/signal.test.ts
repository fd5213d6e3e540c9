import { describe, expect, test } from "vitest";
import { expectSignal } from "../../src/model/signal.js";

describe("expectSignal", () => {
  test("takes a signal, and none", () => {
    expect(() => expectSignal("Here", new AbortController().signal)).not.toThrow();
    expect(() => expectSignal("Here", undefined)).not.toThrow();
  });

  test("refuses what is no signal, its controller too", () => {
    const refused: [unknown, string][] = [
      [new AbortController(), "a value of type AbortController"],
      [null, "null"],
      [5000, "5000 (number)"],
    ];
    for (const [value, got] of refused) {
      expect(() => expectSignal("Here", value as never)).toThrow(
        new TypeError(
          `Here: expected signal to be an AbortSignal, got ${got}. An AbortController has it as \`signal\`.`,
        ),
      );
    }
  });
});
