import type { ChainNode } from "./chain-node.js";

/** The nodes of a chain that are still to be imported: an operator may take those behind it that it makes one layer with. */
export class NodeQueue {
  readonly #nodes: readonly ChainNode[];
  #position = 0;

  constructor(nodes: readonly ChainNode[]) {
    this.#nodes = nodes;
  }

  /** The next node, which stays the next. */
  peek(): ChainNode | undefined {
    return this.#nodes[this.#position];
  }

  /** The next node, which is taken; undefined at the end. */
  take(): ChainNode | undefined {
    const node = this.peek();
    if (node) this.#position++;
    return node;
  }

  /** The next node, which is taken if it is one of these operators. */
  takeIf(...opTypes: readonly string[]): ChainNode | undefined {
    const node = this.peek();
    return node && opTypes.includes(node.opType) ? this.take() : undefined;
  }
}
