import { refuse } from "../tensor/expect.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * What something keeps from one training step to the next, by names, in the form in which a checkpoint saves it. The
 * tensors are its own and change with the next step: copy or write them at once.
 */
export interface SavedState {
  readonly numbers: ReadonlyMap<string, number>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Checks that something is a state that was saved: numbers and tensors under names.
 *
 * @throws TypeError `Adam.restoreState: expected state to be a saved state, got null.`
 */
export function expectSavedState(where: string, name: string, state: SavedState): void {
  const isMap = state?.numbers instanceof Map && state.tensors instanceof Map;
  const isWhole =
    isMap &&
    [...state.numbers.keys(), ...state.tensors.keys()].every((key) => typeof key === "string") &&
    [...state.numbers.values()].every((number) => typeof number === "number") &&
    [...state.tensors.values()].every((tensor) => tensor instanceof Tensor);
  if (!isWhole) refuse(where, name, "a saved state", state);
}
