// @ts-check
/**
 * A start whose frames come out late, and stay so behind a media clock that is right.
 *
 * The clock is set ahead until they fall over by a frame, and goes back. Owns that push. Twin of
 * server/core/late_start.py, which tells why.
 */

// A start's own error of the media clock, which may hide that, is mended within so long.
const YOUNG_S = 3;
// How long frames have to be late.
const SURE_S = 1;
// How far the clock is set ahead at first.
const PUSH_S = 0.014;
// Within so long the clock has gone back, at half speed too, and the frames if they need it.
const BACK_S = 8;
// How much further than where they fell the clock then stays.
const MARGIN_S = 0.006;

/** The push of one start. */
export class LateStart {
  /** Whether frames fell back when the clock went back, so that it stays ahead. */
  needed = false;
  #starts = false;
  #startedS = -Infinity;
  /** @type {number | null} */
  #lateSinceS = null;
  /** @type {number | null} */
  #pushedS = null;
  #lowestS = 0;
  #fallenS = -Infinity;
  #goneS = 0;

  /** Whether frames are late, and may still be on time by themselves. */
  get suspected() {
    return this.#lateSinceS !== null;
  }

  /** Whether the clock is ahead only until the frames have fallen over. */
  get pushes() {
    return this.#pushedS !== null;
  }

  /** The player starts to move; it is young from the first look at its frames on. */
  begin() {
    this.forget();
    this.#starts = true;
  }

  /** The frames of before say nothing of it any more. */
  forget() {
    this.needed = false;
    this.#startedS = this.#fallenS = -Infinity;
    this.#lateSinceS = this.#pushedS = null;
  }

  /**
   * By how much the clock is to be ahead, after a look at the frames.
   * @param {number} leadS how far the frames are ahead of the media clock, in media time
   * @param {number} spacingS the frames' distance, likewise
   * @param {number} nowS
   * @param {boolean} late whether that is further behind than steps explain, as far as a busy
   *   compositor is
   * @param {number} lagS by how much the clock is to be ahead so far
   * @returns {number}
   */
  lagS(leadS, spacingS, nowS, late, lagS) {
    if (this.#starts) this.#startedS = nowS;
    this.#starts = false;
    if (lagS <= 0) this.needed = false;
    if (this.#pushedS !== null) {
      this.#lowestS = Math.min(this.#lowestS, leadS);
      if (leadS > this.#lowestS + spacingS / 2) { // They have fallen over by a frame.
        this.#fallenS = nowS;
        this.#goneS = this.#pushedS - this.#lowestS;
        this.#pushedS = null;
        return 0;
      }
    }
    if (!late || lagS > 0) {
      this.#lateSinceS = null;
      return lagS;
    }
    if (nowS - this.#startedS < YOUNG_S || nowS - this.#fallenS < BACK_S) this.#lateSinceS ??= nowS;
    if (this.#lateSinceS === null || nowS - this.#lateSinceS < SURE_S) return lagS;
    this.#lateSinceS = null;
    if (this.#fallenS > -Infinity) {
      this.needed = true;
      return this.#goneS + MARGIN_S;
    }
    this.#pushedS = this.#lowestS = leadS;
    return Math.min(-leadS, PUSH_S);
  }
}
