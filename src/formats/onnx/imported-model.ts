import type { Layer } from "../../layers/layer.js";
import { isLayerName, LayerNames } from "../../model/layer-name.js";
import { Sequential } from "../../model/sequential.js";
import { formatShape, type Shape, sameShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Workspace } from "../../tensor/workspace.js";
import type { ChainNode } from "./chain-node.js";

/** How the result of the last node lies in the file. */
export type AxisOrder =
  /** [N, C, H, W], as ONNX has images, and so on with any number of axes. */
  | "channels first"
  /** [N, H, W, C], as tinyconv has them. */
  | "channels last"
  /** [N, I]. */
  | "rows"
  /** [N, C, 1, 1], which in tinyconv is [N, C]. */
  | "pooled";

/** A Sequential that grows by the nodes of a file. */
export class ImportedModel {
  readonly model: Sequential;
  /** How the last result lies in the file; in the model the channels are last. */
  order: AxisOrder;
  /** For rows that were flattened with the channels first: the shape, channels last, that the sample had before. */
  flattened: Shape | undefined;
  readonly #names = new LayerNames();

  /** @param batch the number of samples that the file is for; undefined where it takes any. */
  constructor(
    inputShape: Shape,
    order: AxisOrder,
    readonly batch: number | undefined,
    workspace: Workspace,
  ) {
    this.model = new Sequential({ inputShape, workspace });
    this.order = order;
  }

  /** The shape of a sample of the last result, with the channels last. */
  get shape(): Shape {
    return this.model.outputShape;
  }

  /** The shape that a batch of the last result has in the file. */
  get shapeInFile(): readonly (number | string)[] {
    const { shape } = this;
    if (this.order === "channels first") return ["N", shape.at(-1)!, ...shape.slice(0, -1)];
    return ["N", ...shape, ...(this.order === "pooled" ? [1, 1] : [])];
  }

  /**
   * Appends the layer of a node. `weights` are those of its parameters and state, by their names.
   *
   * @throws Error that names the node, if the layer does not fit.
   */
  add(
    node: ChainNode,
    type: string,
    create: (name: string) => Layer,
    weights: Readonly<Record<string, Tensor>> = {},
  ): void {
    const layer = this.#append(node, type, create);
    for (const { name, value } of [...layer.parameters, ...(layer.state ?? [])]) {
      const weight = weights[name];
      if (!weight || !sameShape(weight.shape, value.shape)) {
        const got = weight ? formatShape(weight.shape) : "none";
        throw node.refuse(`its ${name} to have shape ${formatShape(value.shape)}`, got);
      }
      value.data.set(weight.data);
    }
  }

  #append(node: ChainNode, type: string, create: (name: string) => Layer): Layer {
    const own = layerNameOf(node);
    const name = this.#names.choose({ type, name: own !== "" && !this.#names.has(own) ? own : undefined });
    try {
      const layer = create(name);
      this.model.add(layer);
      this.#names.take(name);
      return layer;
    } catch (error) {
      // what the layer says, without the place in the model that the error around it names
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new Error(`${node.where}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
}

/**
 * What a layer is called after its node: "conv2d_1" as it is, and of a path such as "/features/conv1/Conv" the part before
 * the operator, "conv1". Where that is no name for a layer, or the node only has that of its operator, "".
 */
function layerNameOf({ name, opType }: ChainNode): string {
  const path = name.split("/").filter((part) => part !== "");
  const last = path.at(-2) ?? path[0] ?? "";
  const isNumbered = last.startsWith(opType) && /^(_\d+)?$/.test(last.slice(opType.length));
  return isNumbered || !isLayerName(last) ? "" : last;
}
