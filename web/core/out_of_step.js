// @ts-check
/** Whether a device has been out of step for so long that it must be said. Pure. */

/** An error that people notice between picture and sound of two screens, ms. */
const FAR_MS = 40;
/** A film settles in this long after a start or seek; what lasts longer is no accident, seconds. */
const FAR_FOR_S = 5;

export class OutOfStep {
  #boundMs;
  /** @type {number | null} */
  #sinceS = null;
  #said = false;

  /** @param {number} leftAloneMs an error of this size is not mended here: it is none */
  constructor(leftAloneMs) {
    this.#boundMs = Math.max(FAR_MS, leftAloneMs);
  }

  /** Whether it has. */
  get verdict() {
    return this.#said;
  }

  /**
   * @param {number} nowS any one clock
   * @param {number | null} errorMs null: it does not play, or nothing was measured
   */
  look(nowS, errorMs) {
    if (errorMs === null || Math.abs(errorMs) <= this.#boundMs) {
      this.#sinceS = null;
      this.#said = false;
      return;
    }
    this.#sinceS ??= nowS;
    this.#said = nowS - this.#sinceS >= FAR_FOR_S;
  }
}
