// @ts-check
/**
 * How much later than its media clock a display shows a player's frames, where their steps do not.
 *
 * Owns that lag from look to look: kept for as long as the frames leave room for it, given up once
 * it has been needless for a while. Twin of server/core/display_lag.py, which tells why.
 */

// What two clocks in agreement may still differ by, beyond half a frame.
const SLACK_S = 0.002;
const NEEDLESS_S = 3;
const RELAPSE_S = 30;

/** The lag of one film's frames. */
export class DisplayLag {
  lagS = 0;
  /** @type {number | null} */
  #needlessSinceS = null;
  #givenUpS = -Infinity;
  #patienceS = NEEDLESS_S;

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
    if (this.#isNeedless(leastS <= 0 && mostS >= 0, nowS)) {
      this.lagS = 0;
      this.#givenUpS = nowS;
    }
    if (this.lagS >= leastS && this.lagS <= mostS) return;
    if (this.lagS === 0 && nowS - this.#givenUpS < RELAPSE_S) this.#patienceS *= 2;
    // None at all if that will do: what is left of a lag that is over moves the sound.
    this.lagS = Math.min(Math.max(0, leastS), mostS);
  }

  /** Forget when things were: the clock is another. */
  forgetInstants() {
    this.#needlessSinceS = null;
    this.#givenUpS = -Infinity;
  }

  /**
   * @param {boolean} explained whether no lag explains the frames
   * @param {number} nowS
   */
  #isNeedless(explained, nowS) {
    if (!explained || this.lagS === 0) {
      this.#needlessSinceS = null;
      return false;
    }
    this.#needlessSinceS ??= nowS;
    return nowS - this.#needlessSinceS >= this.#patienceS;
  }
}
