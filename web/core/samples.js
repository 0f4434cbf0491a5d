// @ts-check
/**
 * The latest samples of a player that plays at one rate, and the line that they lie on.
 *
 * Owns a window of samples. Each is kept as the media time that its line has at instant 0, so
 * that what they say together is one median, whatever is asked. Twin of server/core/samples.py.
 */

const MIN_SAMPLES = 3;

/**
 * A media time, in seconds, and the instant at which it held.
 * @typedef {{instantS: number, mediaTimeS: number}} Sample
 */

/** A window of samples of one kind, all of the latest rate. */
export class Samples {
  /** @type {Sample[]} */
  #samples = [];
  /** @type {number[]} */
  #atZeroS = [];
  /** @type {number | null} */
  #medianS = null;
  #rate = 1;

  /**
   * Add a sample, and drop what lies before the window that ends with it.
   * @param {Sample} sample the latest one
   * @param {number} rate the player's; those of another rate lie on no line with this one, and
   *   are dropped
   * @param {number} windowS how far back samples count
   */
  keep(sample, rate, windowS) {
    if (rate !== this.#rate) this.clear();
    this.#rate = rate;
    this.#samples.push(sample);
    this.#atZeroS.push(sample.mediaTimeS - sample.instantS * rate);
    while (this.#samples[0].instantS < sample.instantS - windowS) {
      this.#samples.shift();
      this.#atZeroS.shift();
    }
    this.#medianS = null;
  }

  /** Drop all. */
  clear() {
    this.#samples = [];
    this.#atZeroS = [];
    this.#medianS = null;
  }

  /** The latest one, if there is any. */
  get latest() {
    return this.#samples.at(-1) ?? null;
  }

  /** The mean distance of two, in seconds of media time; there must be two. */
  get spacingS() {
    const count = this.#samples.length;
    return (this.#samples[count - 1].mediaTimeS - this.#samples[0].mediaTimeS) / (count - 1);
  }

  /**
   * Whether they are enough to be believed, and span so much time.
   * @param {number} minSpanS
   */
  spans(minSpanS) {
    const count = this.#samples.length;
    if (count < MIN_SAMPLES) return false;
    return this.#samples[count - 1].instantS - this.#samples[0].instantS >= minSpanS;
  }

  /** The media time of their line at instant 0, as the middle one has it. */
  get medianAtZeroS() {
    this.#medianS ??= median(this.#atZeroS);
    return this.#medianS;
  }

  /** The same as the mean of all. */
  get meanAtZeroS() {
    return this.#atZeroS.reduce((sum, number) => sum + number, 0) / this.#atZeroS.length;
  }
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
