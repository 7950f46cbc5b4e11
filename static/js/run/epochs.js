// Which epoch a step belongs to, from the server's schedule: stretches of steps with one batch size and one number of examples.

/**
 * Steps from after + 1 on. Before them, `epochs` were completed, and `offset` examples of the next one visited.
 * @typedef {{after: number, epochs: number, offset: number, batch_size: number, n_train: number}} Leg
 */

/** Steps to the end of the epoch under way. @param {Leg} leg */
const left = ({ n_train: n, offset, batch_size: size }) => Math.ceil((n - offset) / size);
/** Steps of each later one. @param {Leg} leg */
const whole = ({ n_train: n, batch_size: size }) => Math.ceil(n / size);

export class Epochs {
  /** @param {Leg[]} legs in order; of those that begin after the same step the last one counts */
  constructor(legs) {
    this.legs = legs;
  }

  /** @param {number} step @returns {number} from 1; 0 at the start */
  of(step) {
    const leg = this.legs.findLast(({ after }) => after <= step) ?? this.legs[0];
    if (step === leg.after) return leg.epochs + (leg.offset > 0 ? 1 : 0);
    return leg.epochs + 1 + Math.max(0, Math.ceil((step - leg.after - left(leg)) / whole(leg)));
  }

  /** @param {number} epoch @returns {number} the step that completes it */
  end(epoch) {
    const leg = this.legs.findLast(({ epochs }) => epochs < epoch) ?? this.legs[0];
    return leg.after + left(leg) + (epoch - leg.epochs - 1) * whole(leg);
  }

  /**
   * The ends of epochs up to a step: of every one, or of every 2nd, 5th, 10th … where they would be too many.
   * @param {number} last
   * @param {number} most
   * @returns {{every: number, steps: number[]}}
   */
  ends(last, most) {
    const count = Math.max(0, this.of(last + 1) - 1);
    const every = roundUp(count / most);
    return { every, steps: Array.from({ length: Math.floor(count / every) }, (_, i) => this.end((i + 1) * every)) };
  }
}

/** The next of 1, 2, 5, 10, 20 … @param {number} x */
function roundUp(x) {
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, x)));
  return [1, 2, 5, 10].map((factor) => factor * ten).find((step) => step >= x) ?? 1;
}
