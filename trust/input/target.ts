/** A call of a public function that succeeds, made anew for each try. */
export interface Example {
  /** The arguments, by the names of the parameters, in their order; options are plain objects. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Makes the call with arguments in place of these. */
  readonly call: (args: readonly unknown[]) => unknown;
  /** What a call that is refused must leave as it was. */
  readonly state?: () => unknown;
  /** The call with arguments that are right, on the same object: after a call that was refused it must succeed. */
  readonly again?: () => unknown;
}

/** A public function, constructor or method, and what its errors are to say. */
export interface Target {
  /** What its errors begin with: `Sequential.fit`, or `Dense` for the constructor. */
  readonly name: string;
  readonly example: () => Example | Promise<Example>;
  /** Other beginnings of its errors, where it hands its arguments on to another public function. */
  readonly alsoNamed?: readonly string[];
  /** Other words for an argument in its errors: of an only argument `x`, "Tensor" says enough. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Arguments that say what errors begin with, as those of the checks for layers of one's own: they stay as they are. */
  readonly kept?: readonly string[];
  /** Arguments for which no number is too large to be tried, as `epochs`: no huge ones are given. */
  readonly unbounded?: readonly string[];
  /** Arguments that are paths: wild texts in their place lead into the folder for temporary files, and nowhere else. */
  readonly paths?: readonly string[];
  /** The share of the calls that are made of it, where each takes long. @default 1 */
  readonly share?: number;
}

/** What a target may have besides its name and example. */
export type Extras = Omit<Target, "name" | "example">;

/** Arguments by the names of the parameters. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A function. */
export function aFunction(
  name: string,
  call: (...args: never[]) => unknown,
  parameters: () => Parameters | Promise<Parameters>,
  extras: Extras = {},
): Target {
  const example = async (): Promise<Example> => ({
    parameters: await parameters(),
    call: (args) => Reflect.apply(call, undefined, args),
  });
  return { name, example, ...extras };
}

/** A class that can be constructed. */
type Class<T> = abstract new (...args: never[]) => T;

/** A constructor. */
export function aConstructor(
  name: string,
  type: Class<object>,
  parameters: () => Parameters,
  extras: Extras = {},
): Target {
  const example = (): Example => ({
    parameters: parameters(),
    call: (args) => Reflect.construct(type, args),
  });
  return { name, example, ...extras };
}

/** A method of a class, as the table of `methodsOf` has it. */
export interface Method<T> extends Extras {
  readonly parameters: (instance: T) => Parameters;
}

/**
 * The methods of a class, each tried on an instance of its own.
 *
 * @param state what a refused call must leave as it was
 */
export function methodsOf<T extends object>(
  type: string,
  instance: () => T | Promise<T>,
  methods: Readonly<Record<string, ((instance: T) => Parameters) | Method<T>>>,
  state?: (instance: T) => unknown,
): Target[] {
  return Object.entries(methods).map(([method, given]) => {
    const { parameters, ...extras } = typeof given === "function" ? { parameters: given } : given;
    const example = async (): Promise<Example> => {
      const made = await instance();
      const object: object = made;
      const call = (args: readonly unknown[]): unknown =>
        Reflect.apply(Reflect.get(object, method), object, args);
      return {
        parameters: parameters(made),
        call,
        again: () => call(Object.values(parameters(made))),
        ...(state && { state: () => state(made) }),
      };
    };
    return { name: `${type}.${method}`, example, ...extras };
  });
}

/** The accessors of a class: they take nothing, and are read. */
export function accessorsOf<T extends object>(
  type: string,
  instance: () => T | Promise<T>,
  names: readonly string[],
): Target[] {
  return names.map((name) => ({
    name: `${type}.${name}`,
    example: async () => {
      const made = await instance();
      return { parameters: {}, call: () => Reflect.get(made, name) };
    },
  }));
}
