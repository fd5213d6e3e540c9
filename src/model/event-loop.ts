/** How long training may keep the event loop waiting, in milliseconds. */
const LONGEST_TURN = 50;

let lastTurn = 0; // of all computations together: many short ones keep the event loop waiting as one long one does

/**
 * Lets timers, input and rendering have their turn between steps of a computation: call it after each step, and it
 * gives way about every 50 ms.
 */
export async function breathe(): Promise<void> {
  if (performance.now() - lastTurn < LONGEST_TURN) return;
  await nextTurn();
  lastTurn = performance.now();
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
