import { describe, expect, test } from "vitest";
import { fileError, inFile, messageOf } from "../../src/node/file-errors.js";

/** The error Node gives for a code of the operating system. */
const systemError = (code: string) => Object.assign(new Error(`${code}: something, open 'x'`), { code });

describe("fileError", () => {
  test.each([
    ["ENOENT", "no such file or folder"],
    ["EACCES", "permission denied"],
    ["EPERM", "permission denied"],
    ["EISDIR", "it is a folder, not a file"],
    ["ERR_FS_EISDIR", "it is a folder, not a file"],
    ["ENOTDIR", "it is not a folder, or lies in something that is not one"],
    ["ENOSPC", "no space left on the disk"],
    ["EDQUOT", "no space left of what you may use on the disk"],
    ["EROFS", "the disk is read-only"],
    ["EMFILE", "too many files are open"],
    ["ELOOP", "it is a link that leads to itself"],
    ["ENAMETOOLONG", "the name is too long"],
    ["ERR_FS_FILE_TOO_LARGE", "it is larger than 2 GiB"],
    ["ENOMEM", "there is not enough memory for it"],
    ["ERR_MEMORY_ALLOCATION_FAILED", "there is not enough memory for it"],
  ])("says in words what %s means", (code, reason) => {
    expect(fileError("read", "data/x", systemError(code))).toEqual(
      new Error(`Cannot read data/x: ${reason}.`),
    );
  });

  test.each(["Array buffer allocation failed", "Out of memory"])(
    "says what an engine means by %s",
    (message) => {
      const cause = new RangeError(message);
      const expected = "Cannot read data/x: there is not enough memory for it.";
      expect(fileError("read", "data/x", cause).message).toBe(expected);
    },
  );

  test("ends in the remedy, and keeps the cause", () => {
    const cause = systemError("ENOENT");
    const error = fileError("write", "out/y", cause, "Create the folder first.");
    expect(error.message).toBe("Cannot write out/y: no such file or folder. Create the folder first.");
    expect(error.cause).toBe(cause);
    expect(fileError("remove", "out/y", cause).message).toBe("Cannot remove out/y: no such file or folder.");
  });

  test("passes on what it does not know", () => {
    expect(fileError("read", "x", systemError("ENXIO")).message).toBe(
      "Cannot read x: ENXIO: something, open 'x'.",
    );
    expect(fileError("read", "x", new Error("odd")).message).toBe("Cannot read x: odd.");
    expect(fileError("read", "x", "odd").message).toBe("Cannot read x: odd.");
  });
});

test("inFile names the file before what is wrong with its content, and keeps the cause", () => {
  const cause = new Error("parse: expected a number, got x.");
  const error = inFile("data/x", cause);
  expect(error.message).toBe("data/x: parse: expected a number, got x.");
  expect(error.cause).toBe(cause);
});

test("messageOf shows what was thrown, be it an error or not", () => {
  expect(messageOf(new TypeError("odd"))).toBe("odd");
  expect(messageOf("odd")).toBe("odd");
  expect(messageOf(undefined)).toBe("undefined");
});
