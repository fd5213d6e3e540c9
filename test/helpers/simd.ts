/**
 * Runs an operation in both kinds of memory: on the heap plain TypeScript computes, in the WebAssembly memory the
 * kernels do, and no bit may differ.
 */
import { expect, vi } from "vitest";
import { allocateInMemory, openMemory } from "../../src/tensor/simd/memory.js";
import { Tensor } from "../../src/tensor/tensor.js";

/** Puts a copy of a tensor where an operation is to find it. */
export type Place = (tensor: Tensor) => Tensor;

/** The library's function that hands an operation to the kernels, as a spy: true if they computed it. */
type Dispatch = (...args: never[]) => boolean;

/** Floats in front of a tensor and behind it: more than a vector, and so many that no address is a whole vector's. */
const BEFORE = 5;
const BEHIND = 21;
const SENTINEL = -(2 ** 40);

/** Places copies in the WebAssembly memory, each between numbers that nobody may write to. */
class GuardedMemory {
  readonly #rooms: Float32Array[] = [];

  readonly place: Place = ({ shape, size, data }) => {
    const room = allocateInMemory(BEFORE + size + BEHIND);
    if (!room) throw new Error(`GuardedMemory: expected room for ${size} numbers, got none.`);
    room.fill(SENTINEL);
    this.#rooms.push(room); // the range is used again once nobody holds the room
    const inside = room.subarray(BEFORE, BEFORE + size);
    inside.set(data);
    return new Tensor(shape, inside);
  };

  expectIntact(): void {
    for (const room of this.#rooms) {
      const guards = [...room.subarray(0, BEFORE), ...room.subarray(room.length - BEHIND)];
      expect(guards.every((guard) => guard === SENTINEL)).toBe(true);
    }
  }
}

/**
 * Runs an operation with copies of the same tensors on the heap, in the memory, and in the memory but for one. All
 * tensors that it had placed, results and operands, have to end with the same bits (all NaNs being equal), and nothing
 * beside them may be written.
 *
 * @param dispatch has to have computed with all tensors in the memory, and not with all on the heap
 */
export function expectSameBits(operation: (place: Place) => void, dispatch?: Dispatch): void {
  openMemory();
  const memory = new GuardedMemory();
  const onHeap: Place = (tensor) => tensor.clone();
  const plain = placedBy(operation, () => onHeap);
  if (dispatch) expect(lastResult(dispatch)).toBe(false);
  const simd = placedBy(operation, () => memory.place);
  if (dispatch) expect(lastResult(dispatch)).toBe(true);
  const odd = plain[0]!.size % plain.length; // another one from size to size
  const mixed = placedBy(operation, (i) => (i === odd ? onHeap : memory.place));
  for (const [i, { data }] of plain.entries()) {
    expectSameNumbers(simd[i]!.data, data);
    expectSameNumbers(mixed[i]!.data, data);
  }
  memory.expectIntact();
}

/** The tensors that an operation had placed, in order, each where `placeOf` its number puts it. */
function placedBy(operation: (place: Place) => void, placeOf: (i: number) => Place): Tensor[] {
  const placed: Tensor[] = [];
  operation((tensor) => {
    const copy = placeOf(placed.length)(tensor);
    placed.push(copy);
    return copy;
  });
  return placed;
}

/** What a spy returned last; then it forgets all calls, since they keep their tensors. */
function lastResult(dispatch: Dispatch): unknown {
  const { mock } = vi.mocked(dispatch);
  const result = mock.results.at(-1)?.value;
  vi.mocked(dispatch).mockClear();
  return result;
}

/** Compares element by element: 0 is not -0, and NaN is NaN. The first difference is shown. */
export function expectSameNumbers(actual: Float32Array, wanted: Float32Array): void {
  expect(actual.length).toBe(wanted.length);
  const i = actual.findIndex((value, at) => !Object.is(value, wanted[at]));
  if (i !== -1) expect({ at: i, value: actual[i] }).toEqual({ at: i, value: wanted[i] });
}
