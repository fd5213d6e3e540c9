/** What training passes between two steps: while it is closed, training waits. */
export class Gate {
  #opened: Promise<void> | undefined; // none while it is open
  #open: (() => void) | undefined;

  get isOpen(): boolean {
    return this.#opened === undefined;
  }

  close(): void {
    this.#opened ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
    this.#opened = undefined;
    this.#open = undefined;
  }

  /** Resolves when the gate is open; closed again meanwhile, it is waited for again. */
  async pass(): Promise<void> {
    while (this.#opened) await this.#opened;
  }
}
