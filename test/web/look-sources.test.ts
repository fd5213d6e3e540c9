import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LAYER_NOTES } from "../../web/src/look/layer-notes.js";
import { LAYER_SOURCES } from "../../web/src/look/layer-sources.js";
import { classComment, type Lines, markedLines } from "../../web/src/look/marked-lines.js";

/** Every class in src/layers that is a layer, by the name in its `type`. */
const types = readdirSync("src/layers")
  .map((file) => readFileSync(`src/layers/${file}`, "utf8"))
  .flatMap((code) => /^export class (\w+) implements Layer \{/m.exec(code)?.[1] ?? []);

function excerpt(source: string, [from, to]: Lines): readonly string[] {
  return source.split("\n").slice(from - 1, to);
}

describe("the sources on the page", () => {
  test("are those of all layers, and each has a note", () => {
    expect(types).toHaveLength(14);
    expect([...LAYER_SOURCES.keys()].sort()).toEqual(types.sort());
    expect([...LAYER_NOTES.keys()].sort()).toEqual(types.sort());
  });

  describe.each([...LAYER_SOURCES])("%s", (type, { path, text }) => {
    test("is what is in the repository, under the path that is named", () => {
      expect(text).toBe(readFileSync(path, "utf8"));
      expect(text).toContain(`export class ${type} implements Layer {`);
    });

    test.each(["forward", "backward"] as const)("has its %s marked from the head to the brace", (method) => {
      const lines = excerpt(text, markedLines(text, method));
      expect(lines[0]).toMatch(new RegExp(`^ {2}${method}\\(.*`));
      expect(lines.at(-1)).toBe("  }");
      const body = lines.slice(1, -1);
      // nothing of another method: a head that is broken over lines ends with a bracket, and the rest is indented
      expect(body.filter((line) => line !== "" && !/^( {4}| {2}\))/.test(line))).toEqual([]);
      expect(body.some((line) => line.includes("return "))).toBe(true);
    });

    test("has the comment above its class", () => {
      const [from, to] = classComment(text);
      const lines = excerpt(text, [from, to]);
      expect(lines[0]).toBe("/**");
      expect(lines.slice(1).every((line) => line.startsWith(" *"))).toBe(true);
      expect(text.split("\n")[to]).toBe(`export class ${type} implements Layer {`);
    });
  });
});

describe("markedLines", () => {
  const source = [
    "/**",
    " * A layer.",
    " */",
    "export class Mine {",
    "  forward(",
    "    x,",
    "  ) {",
    "    if (x) {",
    "      y();",
    "    }",
    "  }",
    "}",
  ].join("\n");

  test("goes from the head of the method to its brace, counted from 1", () => {
    expect(markedLines(source, "forward")).toEqual([5, 11]);
    expect(classComment(source)).toEqual([1, 3]);
  });

  test("refuses a source without the method, or without a comment", () => {
    expect(() => markedLines(source, "backward")).toThrow(
      new Error("markedLines: expected a method called backward in the source, got none."),
    );
    const none = new Error(
      "classComment: expected a comment above an exported class in the source, got none.",
    );
    expect(() => classComment(source.replace(" */\n", " */\n\n"))).toThrow(none);
    expect(() => classComment("")).toThrow(none);
  });
});
