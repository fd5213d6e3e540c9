import {
  type Code,
  FLOAT,
  i32,
  type Local,
  load,
  repeat,
  store,
  VECTOR_BYTES,
  v128,
  when,
} from "./assembler.js";
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
    // source and target walk along a row, and then step to where the next one begins
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

/** A matrix of which `columns` rows, that begin `from` floats apart, become columns of rows that begin `to` apart. */
export interface TransposeRows {
  readonly columns: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A kernel that transposes up to sixteen rows, called with two addresses and the length of the rows: four rows and
 * four of their elements at a time, turned in registers. It writes whole vectors: behind the columns, zeros up to the
 * next multiple of four.
 */
export function transposeKernel({ columns, from, to }: TransposeRows): Kernel {
  return kernel(
    `transpose ${columns} ${from} ${to}`,
    ["i32", "i32", "i32"],
    (locals, source, target, length) => {
      const blocks = locals.local("i32");
      const rest = locals.local("i32");
      const rows = locals.locals(4, "v128");
      const pairs = locals.locals(4, "v128");
      const turned = locals.locals(4, "v128");
      /** Four elements of `lanes` rows from `first` on, zeros for the others; stores `written` of the four results. */
      const turn = (first: number, lanes: number, written: number): Code => {
        const [r0, r1, r2, r3] = rows as [Local, Local, Local, Local];
        const [p0, p1, p2, p3] = pairs as [Local, Local, Local, Local];
        const [t0, t1, t2, t3] = turned as [Local, Local, Local, Local];
        return [
          ...rows.flatMap((row, i) =>
            row.set(i < lanes ? load.vector(source.get, (first + i) * from * FLOAT) : v128.const(0)),
          ),
          // the first two elements of two rows, side by side, and the last two: 0 4 is r0[0] r1[0]
          ...p0.set(v128.lanes(r0.get, r1.get, [0, 4, 1, 5])),
          ...p1.set(v128.lanes(r0.get, r1.get, [2, 6, 3, 7])),
          ...p2.set(v128.lanes(r2.get, r3.get, [0, 4, 1, 5])),
          ...p3.set(v128.lanes(r2.get, r3.get, [2, 6, 3, 7])),
          // then those of all four rows
          ...t0.set(v128.lanes(p0.get, p2.get, [0, 1, 4, 5])),
          ...t1.set(v128.lanes(p0.get, p2.get, [2, 3, 6, 7])),
          ...t2.set(v128.lanes(p1.get, p3.get, [0, 1, 4, 5])),
          ...t3.set(v128.lanes(p1.get, p3.get, [2, 3, 6, 7])),
          ...turned
            .slice(0, written)
            .flatMap((row, k) => store(target.get, row, 4, (k * to + first) * FLOAT)),
        ];
      };
      const step = (elements: number): Code => {
        const code: number[] = [];
        for (let first = 0; first < columns; first += 4) {
          code.push(...turn(first, Math.min(4, columns - first), elements));
        }
        return [...code, ...source.add(elements * FLOAT), ...target.add(elements * to * FLOAT)];
      };
      return [
        ...blocks.set(i32.shiftRight(length.get, i32.const(2))),
        ...rest.set(i32.and(length.get, i32.const(3))),
        ...when(blocks.get, repeat(blocks, step(4))),
        ...when(rest.get, repeat(rest, step(1))),
      ];
    },
  );
}
