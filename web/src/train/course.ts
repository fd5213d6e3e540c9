import type { EpochReport, Progress } from "./protocol.js";

/** A figure for each place on the x axis, where there is one. */
export type Figures = readonly (number | null)[];

/** One moment of a training. */
interface Point {
  /** In epochs: 1.5 is in the middle of the second. */
  readonly x: number;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
}

/** The course of a training, from which curves are drawn. */
export class Course {
  readonly #points: Point[] = [];

  addProgress({ epochsDone, loss, accuracy }: Progress): void {
    this.#points.push({ x: epochsDone, loss, accuracy, testLoss: null, testAccuracy: null });
  }

  /** Joins the last report, which is of the same moment. */
  addEpoch({ epoch, testLoss, testAccuracy }: EpochReport): void {
    const last = this.#points.at(-1);
    const isSame = last?.x === epoch;
    if (isSame) this.#points.pop();
    const { loss, accuracy } = isSame ? last : { loss: null, accuracy: null };
    this.#points.push({ x: epoch, loss, accuracy, testLoss, testAccuracy });
  }

  get x(): readonly number[] {
    return this.#points.map(({ x }) => x);
  }

  get loss(): Figures {
    return this.#points.map(({ loss }) => loss);
  }

  get accuracy(): Figures {
    return this.#points.map(({ accuracy }) => accuracy);
  }

  get testLoss(): Figures {
    return this.#points.map(({ testLoss }) => testLoss);
  }

  get testAccuracy(): Figures {
    return this.#points.map(({ testAccuracy }) => testAccuracy);
  }
}
