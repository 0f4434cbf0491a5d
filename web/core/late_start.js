// @ts-check
/**
 * A start whose frames come out a frame late, and stay so behind a media clock that is right.
 *
 * The clock is set ahead until they fall over to where they belong, and goes back. Owns that push.
 * Twin of server/core/late_start.py, which tells why.
 */

// A start's own error of the media clock, which may hide that, is mended within so long.
const YOUNG_S = 3;
// How long frames have to be late after a start.
const SURE_S = 1;
// How far the clock is set ahead at first.
const PUSH_S = 0.018;
// How far frames that have fallen over are kept from where they fall back.
const ROOM_S = 0.006;
// Within so long the clock has gone back, and the frames with it if they need it ahead.
const BACK_S = 5;

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
  #goneS = 0;
  #fallenS = -Infinity;

  /** Whether frames have been late since a start, and may still be on time by themselves. */
  get suspected() {
    return this.#lateSinceS !== null;
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
   * By how much the clock is best ahead.
   * @param {number} leadS how far the frames are ahead of the media clock, in media time
   * @param {number} spacingS the frames' distance, likewise
   * @param {number} nowS
   * @param {boolean} late whether that is further behind than steps explain, as far as a busy
   *   compositor is
   * @param {number} lagS by how much the clock is set ahead so far
   * @returns {number}
   */
  look(leadS, spacingS, nowS, late, lagS) {
    if (this.#starts) this.#startedS = nowS;
    this.#starts = false;
    if (this.#pushedS !== null) {
      const goneS = Math.max(0, spacingS - (leadS - this.#pushedS));
      if (goneS < lagS) {
        // They have fallen over by a frame: the clock may go back.
        this.#pushedS = null;
        this.#goneS = goneS;
        this.#fallenS = nowS;
        return Math.max(0, leadS + goneS - (spacingS / 2 - ROOM_S));
      }
    }
    if (!late) {
      this.#lateSinceS = null;
    } else if (nowS - this.#fallenS < BACK_S) {
      this.needed = true;
      this.#fallenS = -Infinity;
      return Math.max(lagS, this.#goneS + ROOM_S);
    } else if (lagS === 0) {
      return this.#pushS(leadS, nowS);
    }
    return lagS;
  }

  /**
   * How far to push frames that are late, once that is sure.
   * @param {number} leadS
   * @param {number} nowS
   */
  #pushS(leadS, nowS) {
    if (nowS - this.#startedS < YOUNG_S) this.#lateSinceS ??= nowS;
    if (this.#lateSinceS === null || nowS - this.#lateSinceS < SURE_S) return 0;
    this.#lateSinceS = null;
    this.#pushedS = leadS;
    return Math.min(-leadS, PUSH_S);
  }
}
