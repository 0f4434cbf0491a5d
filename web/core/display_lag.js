// @ts-check
/**
 * How much later than its media clock a display shows a player's frames, where their steps do not.
 *
 * Owns that lag from look to look: believed once it has stood for a while, kept for as long as the
 * frames leave room for it, and over once they have been ahead of the clock for a while. Twin of
 * server/core/display_lag.py, which tells why.
 */

import { LateStart } from "./late_start.js";

// What two clocks in agreement may still differ by, beyond half a frame.
const SLACK_S = 0.002;
// By so much a compositor is late while the machine is busy.
const BUSY_S = 0.033;
// How long frames have to be late by no more than that.
const BELIEVED_S = 10;
// The same by more than that, or than is believed already, or by less.
const SURE_S = 3;

/** The lag of one film's frames. */
export class DisplayLag {
  lagS = 0;
  #start = new LateStart();
  /** @type {number | null} */
  #amissSinceS = null;
  /** @type {number | null} */
  #aheadSinceS = null;

  /** The player starts to move. */
  begin() {
    this.jumped();
    this.#start.begin();
  }

  /**
   * Take in how far the frames are ahead of the media clock.
   * @param {number} leadS that, in seconds of media time
   * @param {number} spacingS the frames' distance, likewise
   * @param {number} nowS
   */
  look(leadS, spacingS, nowS) {
    const halfFrameS = spacingS / 2 + SLACK_S;
    const leastS = -leadS - halfFrameS;
    const mostS = -leadS + halfFrameS;
    const late = leastS > 0 && leastS <= BUSY_S;
    this.lagS = this.#start.lagS(leadS, spacingS, nowS, late, this.lagS);
    if (this.#isOver(leadS, spacingS, nowS)) this.lagS = 0;
    if (this.lagS >= leastS && this.lagS <= mostS) {
      this.#amissSinceS = null;
      return;
    }
    if (this.#start.suspected) return;
    this.#amissSinceS ??= nowS;
    const patienceS = late && this.lagS === 0 ? BELIEVED_S : SURE_S;
    if (nowS - this.#amissSinceS >= patienceS) {
      // None at all if that will do: what is left of a lag that is over moves the sound.
      this.lagS = Math.min(Math.max(0, leastS), mostS);
    }
  }

  /**
   * Whether frames have long been ahead of a clock that is set ahead for them. Not where they
   * would fall back by a frame if it were not.
   * @param {number} leadS
   * @param {number} spacingS
   * @param {number} nowS
   */
  #isOver(leadS, spacingS, nowS) {
    const stay = leadS + this.lagS < spacingS / 2 && !this.#start.needed;
    if (!(this.lagS > 0 && leadS > 0 && stay)) this.#aheadSinceS = null;
    else this.#aheadSinceS ??= nowS;
    return this.#aheadSinceS !== null && nowS - this.#aheadSinceS >= BELIEVED_S;
  }

  /** The rate was changed: forget since when the lag is another, but not if since a start. */
  lookAnew() {
    this.#amissSinceS = null;
  }

  /** Forget that, too: the frames of before say nothing of it any more. */
  jumped() {
    this.lookAnew();
    if (this.#start.pushes) this.lagS = 0;
    this.#start.forget();
    this.#aheadSinceS = null;
  }
}
