import type { RandomState } from "../tensor/random.js";
import type { CheckpointEvent } from "./callback.js";
import type { EpochLogs } from "./history.js";
import {
  type Participants,
  type Position,
  restoreTraining,
  saveTraining,
  startOfEpoch,
  type TrainingState,
} from "./training-state.js";

/** Where a training is while it runs; offers callbacks the moments at which it can be saved. */
export class TrainingCourse {
  readonly #participants: Participants;
  #position: Position;
  #random: RandomState; // of the model, as the epoch began
  #offered: CheckpointEvent | undefined; // the event that is of the position where training is now

  /**
   * @param resume where to go on; what it holds is handed out. @default at the start
   * @throws as `restoreTraining`.
   */
  constructor(
    participants: Participants,
    start: Pick<Position, "learningRate" | "stopped" | "history">,
    resume?: TrainingState,
  ) {
    this.#participants = participants;
    this.#position = resume ? restoreTraining(resume, participants) : startOfEpoch(1, start);
    this.#random = participants.model.random.state();
  }

  get position(): Position {
    return this.#position;
  }

  /** Training goes on: weights or the state of callbacks are about to change. */
  goOn(): void {
    this.#offered = undefined;
  }

  /** Training has come to a position in the same epoch. */
  async reachStep(position: Position): Promise<void> {
    this.#position = position;
    await this.offer();
  }

  /** An epoch has come to its end: training is at the start of the next. */
  async reachEpoch(position: Position, logs: EpochLogs): Promise<void> {
    this.#position = position;
    this.#random = this.#participants.model.random.state();
    await this.offer(logs);
  }

  /** Offers the position to the callbacks. */
  async offer(logs?: EpochLogs): Promise<void> {
    const { model, callbacks } = this.#participants;
    const step = model.steps;
    const isCurrent = (): boolean => this.#offered === event;
    const state = (): TrainingState => {
      if (isCurrent()) return saveTraining(this.#position, this.#random, this.#participants);
      throw new Error(
        `Sequential.fit: expected the state of step ${step} to be asked for before training goes on, got a call after that.`,
      );
    };
    const event: CheckpointEvent = {
      model,
      step,
      logs,
      get isCurrent() {
        return isCurrent();
      },
      state,
    };
    this.#offered = event;
    for (const callback of callbacks) await callback.onCheckpoint?.(event);
  }
}
