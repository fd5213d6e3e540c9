import { FLOAT, i32, load, repeat, store, VECTOR_BYTES } from "./assembler.js";
import { type Kernel, kernel } from "./kernel.js";

/** Rows of `length` floats, which begin `from` floats apart in the source and `to` floats apart in the copy. */
export interface CopyRows {
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** A kernel that copies rows, called with two addresses and the number of rows. */
export function copyKernel({ length, from, to }: CopyRows): Kernel {
  return kernel(`copy ${length} ${from} ${to}`, ["i32", "i32", "i32"], (locals, source, target, rows) => {
    const vector = locals.local("v128");
    const left = locals.local("i32");
    const vectors = Math.floor(length / 4);
    const rest = length % 4;
    return repeat(rows, [
      ...(vectors > 0
        ? [
            ...left.set(i32.const(vectors)),
            ...repeat(left, [
              ...vector.set(load.vector(source.get)),
              ...store(target.get, vector, 4),
              ...source.add(VECTOR_BYTES),
              ...target.add(VECTOR_BYTES),
            ]),
          ]
        : []),
      ...(rest > 0 ? [...vector.set(load.vector(source.get)), ...store(target.get, vector, rest)] : []),
      ...source.add((from - vectors * 4) * FLOAT),
      ...target.add((to - vectors * 4) * FLOAT),
    ]);
  });
}
