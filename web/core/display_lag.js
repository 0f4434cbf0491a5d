// @ts-check
/**
 * How much later than its media clock a display shows a player's frames, where their steps do not.
 *
 * Owns that lag from look to look: believed once it has stood for a while, kept for as long as the
 * frames leave room for it, and tried without where they seem to need none. Twin of
 * server/core/display_lag.py, which tells why.
 */

// What two clocks in agreement may still differ by, beyond half a frame.
const SLACK_S = 0.002;
// By so much a compositor is late while the machine is busy.
const BUSY_S = 0.033;
// How long frames have to be late by no more than that.
const BELIEVED_S = 10;
// The same by more than that, or than is believed already; and how long they have to do with less
// of a lag, or without it.
const SURE_S = 3;
// A lag that is back so soon after it was given up stays.
const RELAPSE_S = 60;

/** The lag of one film's frames. */
export class DisplayLag {
  lagS = 0;
  /** @type {number | null} */
  #amissSinceS = null;
  /** @type {number | null} */
  #needlessSinceS = null;
  #givenUpS = -Infinity;
  #stays = false;

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
    if (this.lagS >= leastS && this.lagS <= mostS) {
      this.#amissSinceS = null;
      this.#tryWithout(nowS, leastS <= 0 && mostS >= 0);
      return;
    }
    this.#needlessSinceS = null;
    this.#amissSinceS ??= nowS;
    const busy = this.lagS === 0 && leastS > 0 && leastS <= BUSY_S;
    if (nowS - this.#amissSinceS >= (busy ? BELIEVED_S : SURE_S)) {
      // None at all if that will do: what is left of a lag that is over moves the sound.
      this.lagS = Math.min(Math.max(0, leastS), mostS);
      this.#stays = nowS - this.#givenUpS < RELAPSE_S;
    }
  }

  /** Forget since when the lag is another: the frames of before say nothing of it any more. */
  lookAnew() {
    this.#amissSinceS = null;
    this.#needlessSinceS = null;
  }

  /**
   * @param {number} nowS
   * @param {boolean} needless
   */
  #tryWithout(nowS, needless) {
    if (this.lagS === 0 || this.#stays || !needless) {
      this.#needlessSinceS = null;
      return;
    }
    this.#needlessSinceS ??= nowS;
    if (nowS - this.#needlessSinceS >= SURE_S) {
      this.lagS = 0;
      this.#givenUpS = nowS;
      this.#needlessSinceS = null;
    }
  }
}
