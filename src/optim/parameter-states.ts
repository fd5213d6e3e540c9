import { expectNumber } from "../tensor/expect.js";
import { expectParameters, type Parameter } from "../tensor/parameter.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { expectSavedState, type SavedState } from "./saved-state.js";

const COUNT = "iterations";

/** What is kept for one parameter: tensors, such as a velocity, and numbers, such as a count. */
type Fields<State> = { [Field in keyof State]: Tensor | number };

/**
 * What an optimizer or an average keeps for each parameter from step to step. It belongs to the tensor
 * `parameter.value`, and goes when that goes.
 *
 * Saved, the field `m` of the parameter `conv2d_1/kernel` is called `conv2d_1/kernel/m`.
 */
export class ParameterStates<State extends Fields<State>> {
  /** Steps so far, which the owner counts. */
  iterations = 0;

  readonly #states = new WeakMap<Tensor, State | undefined>();
  readonly #make: (value: Tensor) => State;

  /** @param make the state of a parameter before its first step; saving and restoring go by its fields. */
  constructor(make: (value: Tensor) => State) {
    this.#make = make;
  }

  /** What is kept for a parameter's value, made when it is first asked for. */
  of(value: Tensor): State {
    const state = this.#states.get(value) ?? this.#make(value);
    this.#states.set(value, state);
    return state;
  }

  /** Makes what is missing for these parameters: before the first of them changes, since there may be no memory for it. */
  prepare(parameters: readonly Parameter[]): void {
    for (const { value } of parameters) this.of(value);
  }

  /** What is kept for a parameter's value, if anything is. */
  find(value: Tensor): State | undefined {
    return this.#states.get(value);
  }

  /** What is kept for these parameters, and the steps so far. */
  save(where: string, parameters: readonly Parameter[]): SavedState {
    expectParameters(where, parameters);
    const numbers = new Map([[COUNT, this.iterations]]);
    const tensors = new Map<string, Tensor>();
    for (const { name, value } of parameters) {
      const state = this.find(value);
      if (!state) continue; // it was never trained
      for (const [field, kept] of Object.entries<Tensor | number>(state)) {
        if (kept instanceof Tensor) tensors.set(`${name}/${field}`, kept);
        else numbers.set(`${name}/${field}`, kept);
      }
    }
    return { numbers, tensors };
  }

  /**
   * Goes on from copies of what was saved. A parameter that nothing was saved of is as before its first step.
   *
   * @throws TypeError if it is no saved state; Error if something is missing, left over or of another shape. Then nothing
   * has changed.
   */
  restore(where: string, parameters: readonly Parameter[], saved: SavedState): void {
    expectParameters(where, parameters);
    expectSavedState(where, "state", saved);
    const left = new Set([...saved.numbers.keys(), ...saved.tensors.keys()]);
    const take = <Kept>(kept: ReadonlyMap<string, Kept>, name: string): Kept => {
      const found = kept.get(name);
      if (found === undefined) throw new Error(`${where}: expected a saved ${name}, got none.`);
      left.delete(name);
      return found;
    };
    const takeNumber = (name: string): number =>
      expectNumber(where, `a saved ${name}`, take(saved.numbers, name), { min: 0 });
    const iterations = takeNumber(COUNT);
    const states = parameters.map(({ name, value }) => {
      const state = this.#make(value);
      const fields = Object.entries<Tensor | number>(state);
      if (!fields.some(([field]) => left.has(`${name}/${field}`))) return { value, state: undefined };
      const numbers: Record<string, number> = {};
      for (const [field, kept] of fields) {
        const full = `${name}/${field}`;
        if (!(kept instanceof Tensor)) {
          numbers[field] = takeNumber(full);
          continue;
        }
        const tensor = take(saved.tensors, full);
        if (!sameShape(tensor.shape, kept.shape)) {
          throw new Error(
            `${where}: expected a saved ${full} of shape ${formatShape(kept.shape)}, got ${formatShape(tensor.shape)}.`,
          );
        }
        kept.data.set(tensor.data);
      }
      return { value, state: Object.assign(state, numbers) };
    });
    for (const name of left) {
      throw new Error(`${where}: expected only what is kept for the parameters given, got ${name} as well.`);
    }
    for (const { value, state } of states) this.#states.set(value, state);
    this.iterations = iterations;
  }
}
