// @ts-check
/**
 * The errors of the last minute, and what happened in it: bounded memory, whatever comes.
 *
 * Owns the samples; where an error comes from is `follower`'s, a picture of them `graph`'s.
 * Instants are seconds on any one clock that only moves on, errors milliseconds.
 */

/** How far back it remembers, seconds. */
export const SPAN_S = 60;
/**
 * One sample in so many seconds: an error is an average over three quarters of one, so that
 * more samples would only say the same again.
 */
export const EVERY_S = 0.25;

/** @typedef {{atS: number, errorMs: number | null}} Sample null: nothing could be measured */
/** @typedef {{atS: number, kind: "seek" | "start"}} Deed what the player was made to do */

const MOST_SAMPLES = SPAN_S / EVERY_S + 1;
const MOST_DEEDS = 60;
const QUANTILE = 0.95;

export class ErrorHistory {
  /** @type {Sample[]} */
  #samples = [];
  /** @type {Deed[]} */
  #deeds = [];

  /**
   * Take in the error of now; what comes too soon after the latest sample is left out.
   * @param {number} atS
   * @param {number | null} errorMs null: nothing can be measured now
   */
  add(atS, errorMs) {
    const last = this.#samples.at(-1);
    if (last && atS - last.atS < EVERY_S) return;
    this.#samples.push({ atS, errorMs });
    while (this.#samples.length > MOST_SAMPLES || atS - this.#samples[0].atS > SPAN_S) {
      this.#samples.shift();
    }
  }

  /**
   * @param {number} atS
   * @param {Deed["kind"]} kind
   */
  mark(atS, kind) {
    this.#deeds.push({ atS, kind });
    if (this.#deeds.length > MOST_DEEDS) this.#deeds.shift();
  }

  /** Another film: what was measured says nothing about it. */
  forget() {
    this.#samples = [];
    this.#deeds = [];
  }

  /**
   * What 95 % of the errors' sizes stay within, milliseconds; null: none was measured.
   * @param {number} nowS
   * @returns {number | null}
   */
  p95(nowS) {
    const sizes = this.samples(nowS)
      .flatMap(({ errorMs }) => (errorMs === null ? [] : [Math.abs(errorMs)]))
      .sort((a, b) => a - b);
    return sizes[Math.ceil(QUANTILE * sizes.length) - 1] ?? null;
  }

  /**
   * The samples of the last minute, oldest first.
   * @param {number} nowS
   */
  samples(nowS) {
    return this.#samples.filter(({ atS }) => nowS - atS <= SPAN_S);
  }

  /**
   * What the player was made to do in the last minute, oldest first.
   * @param {number} nowS
   */
  deeds(nowS) {
    return this.#deeds.filter(({ atS }) => nowS - atS <= SPAN_S);
  }
}
