// @ts-check
/**
 * Pausing, so that every screen rests on the same frame.
 *
 * Owns the way from playing to resting: pause at once, then one seek to the
 * timeline's position, which is a frame's middle. Twin of server/core/rest.py.
 */

import { positionAt } from "./timeline.js";

/** @import {Command, Observation} from "./observation.js" */

const PAUSE_AGAIN_S = 0.25;
/** As rarely as anybody is corrected by a seek (tuning, `seekGapS`). */
const SEEK_AGAIN_S = 3;
/** A seek to the frame before is waited for, no longer than this: else scrubbing piles them up. */
const UNDER_WAY_S = 1;
const MAX_SEEKS = 3;
const EXACT_S = 0.001;
const ROUNDING_S = 0.002;
const UNKNOWN_FRAME_S = 0.08;

/** @param {Observation} seen */
function halfFrameS(seen) {
  return (seen.frameRate ? 1 / seen.frameRate : UNKNOWN_FRAME_S) / 2;
}

/** One rest of one player: begins with each paused revision of the timeline. */
export class Rest {
  #mustSeek = false;
  #seeks = 0;
  #soughtS = -1e9;
  #pausedS = -1e9;
  #settled = false;

  /** Whether the player is paused and shows the right frame. */
  get settled() {
    return this.#settled;
  }

  /**
   * Begin. A player that comes from playing must seek: its position then says
   * the right frame while its screen may still show the one before.
   * @param {boolean} mustSeek
   */
  begin(mustSeek) {
    this.#mustSeek = mustSeek;
    this.#seeks = 0;
    this.#pausedS = -1e9;
    this.#settled = false;
  }

  /** Forget when things were done: the clock is another. */
  forgetInstants() {
    this.#soughtS = -1e9;
    this.#pausedS = -1e9;
  }

  /**
   * What to do next, if anything.
   * @param {Observation} seen
   * @param {boolean} startPending
   * @returns {Command | null}
   */
  step(seen, startPending) {
    const { nowS } = seen;
    this.#settled = false;
    if (!seen.paused || startPending) {
      this.#mustSeek = this.#mustSeek || !seen.paused;
      if (nowS - this.#pausedS < PAUSE_AGAIN_S) return null;
      this.#pausedS = nowS;
      return { type: "pause" };
    }
    if (seen.seeking && nowS - this.#soughtS < UNDER_WAY_S) return null;
    const targetS = positionAt(seen.timeline, nowS, seen.durationS);
    const offS = Math.abs(seen.positionS - targetS);
    if (this.#shouldSeek(offS, seen)) {
      this.#mustSeek = false;
      this.#seeks += 1;
      this.#soughtS = nowS;
      return { type: "seek", positionS: targetS };
    }
    this.#settled = !seen.seeking && offS <= halfFrameS(seen) + ROUNDING_S;
    // It works: whatever moves the player later (a film loaded anew, a script) is mended, too.
    if (this.#settled) this.#seeks = Math.min(this.#seeks, 1);
    return null;
  }

  /**
   * @param {number} offS
   * @param {Observation} seen
   */
  #shouldSeek(offS, seen) {
    if (this.#mustSeek) return true;
    if (this.#seeks === 0) {
      // Well inside the frame there is nothing to gain. Without a known frame
      // rate, only the very position means the same frame to all.
      return offS > (seen.frameRate ? halfFrameS(seen) / 2 : EXACT_S);
    }
    return (
      offS > halfFrameS(seen) + ROUNDING_S &&
      this.#seeks < MAX_SEEKS &&
      seen.nowS - this.#soughtS >= SEEK_AGAIN_S
    );
  }
}
