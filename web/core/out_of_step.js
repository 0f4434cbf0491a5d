// @ts-check
/** Whether a device has been out of step for so long that it must be said. Pure. */

/** An error that people notice between picture and sound of two screens, ms. */
const FAR_MS = 40;
/** A film settles in this long after a start or seek; what lasts longer is no accident, seconds. */
const FAR_FOR_S = 5;
/** For so long nothing is known after a seek, which need not have helped, seconds. */
const UNKNOWN_FOR_S = 3;

export class OutOfStep {
  #boundMs;
  /** @type {number | null} */
  #sinceS = null;
  #judgedS = -Infinity;
  #said = false;

  /** @param {number} leftAloneMs an error of this size is not mended here: it is none */
  constructor(leftAloneMs) {
    this.#boundMs = Math.max(FAR_MS, leftAloneMs);
  }

  /** Whether it has. */
  get verdict() {
    return this.#said;
  }

  /** The room is elsewhere: until the film has settled there, nobody is out of step. */
  forget() {
    this.#sinceS = null;
    this.#said = false;
  }

  /**
   * @param {number} nowS any one clock
   * @param {number | null} errorMs null: nothing was measured, as on the way of a seek
   * @param {boolean} [plays] whether the room plays, so that there is a step to be out of
   */
  look(nowS, errorMs, plays = true) {
    if (errorMs === null && plays && nowS - this.#judgedS < UNKNOWN_FOR_S) return;
    this.#judgedS = nowS;
    if (errorMs === null || Math.abs(errorMs) <= this.#boundMs) {
      this.forget();
      return;
    }
    this.#sinceS ??= nowS;
    this.#said = nowS - this.#sinceS >= FAR_FOR_S;
  }
}
