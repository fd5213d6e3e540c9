import { Dense, type Layer } from "tinyconv";

/** A Dense whose `backward` writes its gradients in place of adding to them: what `=` does where `+=` should stand. */
export function lostSum(units: number): Layer {
  const dense = new Dense({ units });
  return {
    type: dense.type,
    get parameters() {
      return dense.parameters;
    },
    build: (shape, context) => dense.build(shape, context),
    forward: (x) => dense.forward(x),
    backward: (dy, options) => {
      for (const { grad } of dense.parameters) grad.data.fill(0); // what came before is lost
      return dense.backward(dy, options);
    },
    config: () => dense.config(),
  };
}
