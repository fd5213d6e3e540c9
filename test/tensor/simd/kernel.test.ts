import { expect, test } from "vitest";
import { type Code, type Local, type Locals, store, v128 } from "../../../src/tensor/simd/assembler.js";
import { type Kernel, kernel } from "../../../src/tensor/simd/kernel.js";
import { addressOf, allocateInMemory, openMemory } from "../../../src/tensor/simd/memory.js";

/** A kernel that writes a number. */
const writes = (value: number): Kernel =>
  kernel(`write ${value}`, ["i32"], (locals: Locals, address: Local | undefined): Code => {
    const vector = locals.local("v128");
    return [...vector.set(v128.const(value)), ...store(address!.get, vector, 1)];
  });

// the first one, while no memory is open
test("a kernel needs a memory to compute in", () => {
  expect(() => writes(1)).toThrow(new Error("kernel: expected an open memory for write 1, got none."));
});

test("a kernel computes in the memory", () => {
  openMemory();
  const out = allocateInMemory(2)!;
  writes(5)(addressOf(out));
  writes(6)(addressOf(out) + 4);
  expect([...out]).toEqual([5, 6]);
});

test("a kernel is assembled once for a name", () => {
  openMemory();
  const made = writes(7);
  expect(kernel("write 7", [], () => expect.unreachable("it is made already"))).toBe(made);
  expect(writes(8)).not.toBe(made);
});

test("after 1,024 kernels the oldest are made again, and what is held still computes", () => {
  openMemory();
  const out = allocateInMemory(1)!;
  const first = writes(-1);
  for (let i = 0; i < 1024; i++) writes(1000 + i);
  expect(writes(-1)).not.toBe(first);
  first(addressOf(out));
  expect([...out]).toEqual([-1]);
});
