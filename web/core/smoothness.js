// @ts-check
/**
 * Whether this device is too slow for the film: judged by the share of frames that it drops.
 *
 * Owns the verdict; counting frames is the browser's. A few bad seconds, as after a seek, are
 * no verdict: it takes several in a row, and more of them to take it back.
 */

/** Counts are looked at this often, seconds. */
const EVERY_S = 1;
/** A second in which more than this share is dropped is a bad one; a viewer sees it stutter. */
const BAD_SHARE = 0.25;
/** A second with less than this is a good one; in between, nothing is counted. */
const GOOD_SHARE = 0.1;
const BAD_IN_A_ROW = 5;
const GOOD_IN_A_ROW = 10;
/** Too few frames to judge by. */
const LEAST_FRAMES = 8;
/** A display that has not been measured shows at least this many frames a second. */
const DISPLAY_HZ = 50;
/** A film this much faster than the display, as by the room's speed or an inexact measure, still fits. */
const SPARE = 1.1;

/** @typedef {{total: number, dropped: number}} Counts frames since the film was loaded */

/**
 * Whether a display has time for every frame, so that one left out is one that the device had no
 * time for.
 * @param {number} framesPerS as the film plays now
 * @param {number | null} refreshS between two refreshes of the display; null: not measured yet
 */
export function showsAll(framesPerS, refreshS) {
  return framesPerS <= (refreshS === null ? DISPLAY_HZ : SPARE / refreshS);
}

export class Smoothness {
  #slow = false;
  #bad = 0;
  #good = 0;
  #lastS = -Infinity;
  /** @type {Counts | null} */
  #before = null;

  /** Whether the film is too much for this device. */
  get slow() {
    return this.#slow;
  }

  /** Another film. */
  forget() {
    this.#slow = false;
    this.#bad = 0;
    this.#good = 0;
    this.pause();
  }

  /** Frames dropped from here on to the next look say nothing: paused, hidden, seeking. */
  pause() {
    this.#before = null;
    this.#lastS = -Infinity;
  }

  /**
   * @param {number} nowS any one clock
   * @param {() => Counts} read asked once a second
   */
  look(nowS, read) {
    if (nowS - this.#lastS < EVERY_S) return;
    this.#lastS = nowS;
    const counts = read();
    const before = this.#before;
    this.#before = counts;
    if (!before) return;
    const total = counts.total - before.total;
    if (total >= LEAST_FRAMES) this.#judge((counts.dropped - before.dropped) / total);
  }

  /** @param {number} share of dropped frames in the last second */
  #judge(share) {
    this.#bad = share > BAD_SHARE ? this.#bad + 1 : 0;
    this.#good = share < GOOD_SHARE ? this.#good + 1 : 0;
    if (this.#bad >= BAD_IN_A_ROW) this.#slow = true;
    if (this.#good >= GOOD_IN_A_ROW) this.#slow = false;
  }
}
