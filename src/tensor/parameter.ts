import { ShapeError } from "./errors.js";
import { describe } from "./expect.js";
import { formatShape, sameShape } from "./shape.js";
import { Tensor } from "./tensor.js";

/** A tensor with a name, as it is saved in a file. */
export interface NamedTensor {
  readonly name: string;
  readonly value: Tensor;
}

/** Something that training changes: its value, and the gradient that `backward` adds to. */
export interface Parameter extends NamedTensor {
  /** ∂L/∂value, of the same shape. */
  readonly grad: Tensor;
}

/**
 * Checks parameters, all of them before the first is changed.
 *
 * @throws TypeError if they are not an array of parameters.
 * @throws ShapeError if a gradient does not have the shape of its value.
 */
export function expectParameters(where: string, parameters: readonly Parameter[]): void {
  if (!Array.isArray(parameters)) {
    throw new TypeError(
      `${where}: expected an array of parameters, got ${describe(parameters)}. A layer or model has it as \`parameters\`.`,
    );
  }
  for (const parameter of parameters) {
    const { name, value, grad } = parameter ?? {};
    if (!(typeof name === "string" && value instanceof Tensor && grad instanceof Tensor)) {
      throw new TypeError(
        `${where}: expected parameters { name, value, grad }, got ${describe(parameter)}. A layer or model has them as \`parameters\`.`,
      );
    }
    if (!sameShape(grad.shape, value.shape)) {
      throw new ShapeError(
        `${where}: expected the gradient of ${name} to have its shape ${formatShape(value.shape)}, ` +
          `got ${formatShape(grad.shape)}.`,
      );
    }
  }
}
