/** The types of arrays that the library asks an engine for. */
const ARRAYS = ["Float32Array", "Float64Array", "Uint8Array", "Int32Array", "Uint32Array"] as const;

export type ArrayName = (typeof ARRAYS)[number];

/** Arrays up to this length, as the state of a `Random`, are given: no engine refuses so little. */
const LITTLE = 4;

export interface RefusedArrays {
  /** How many were asked for. */
  readonly requests: () => number;
  /** From now on the engine has memory again. */
  readonly end: () => void;
}

/** From now on the engine has no memory for one array: the k-th that is asked for by its length, of one of these types. */
export function refuseArrays(k: number, names: readonly ArrayName[] = ARRAYS): RefusedArrays {
  let requests = 0;
  const originals = names.map((name) => [name, globalThis[name]] as const);
  for (const [name, original] of originals) {
    const replacement = new Proxy(original, {
      construct(target, args: readonly unknown[], newTarget): object {
        const isNew = typeof args[0] === "number" && args[0] > LITTLE;
        if (isNew && ++requests === k) throw new RangeError("Array buffer allocation failed");
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    Object.assign(globalThis, { [name]: replacement });
  }
  const end = (): void => void Object.assign(globalThis, Object.fromEntries(originals));
  return { requests: () => requests, end };
}

/** Does something while the engine has no memory for the first array of that type. */
export function withoutMemoryFor<T>(name: ArrayName, act: () => T): T {
  const { end } = refuseArrays(1, [name]);
  try {
    return act();
  } finally {
    end();
  }
}
