/** How long training may keep the event loop waiting, in milliseconds. */
const LONGEST_TURN = 50;

/**
 * Lets timers, input and rendering have their turn between steps of a long computation: call `breathe` after each
 * step, and it gives way about every 50 ms.
 */
export class EventLoopYielder {
  #last = performance.now();

  async breathe(): Promise<void> {
    if (performance.now() - this.#last < LONGEST_TURN) return;
    await nextTurn();
    this.#last = performance.now();
  }
}

/** Resolves in a later turn of the event loop; unlike setTimeout, without the delay browsers add. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
