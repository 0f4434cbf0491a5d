// @ts-check
/**
 * How long this player takes to seek and to start, learned from what it did.
 *
 * Owns the two running estimates and the lead they call for. Twin of
 * server/core/latency.py.
 */

/** @import {Tuning} from "./tuning.js" */

const SEEK_UP = 0.5;
const SEEK_DOWN = 0.25;
const SEEK_CAP_S = 1;
const SEEK_SPREAD = 1.5;
const START_GAIN = 0.3;
const START_CAP_S = 0.5;
const LEAD_GAIN = 0.3;
// Half a frame at 30 a second: further off the media clock frames don't stay.
const FALLEN_S = 1 / 60;

/** Learned latencies of one player, in seconds. */
export class Latencies {
  #tuning;
  #seekS;
  #startS;
  #leadS = 0;
  #nextLeadS;
  #starts = 0;
  /** How much later than its media clock the display shows frames, as the tracker found. */
  lagS = 0;

  /** @param {Tuning} tuning */
  constructor(tuning) {
    this.#tuning = tuning;
    this.#seekS = tuning.seekLatencyS;
    this.#startS = tuning.startLatencyS;
    this.#nextLeadS = tuning.frameLeadS;
  }

  /** From a seek to data that can play. */
  get seekS() {
    return this.#seekS;
  }

  /** From play() to moving media. */
  get startS() {
    return this.#startS;
  }

  /** How long before a media time is due play() is called, for its frames to be in time. */
  get headStartS() {
    return this.#startS - this.#leadS + this.lagS;
  }

  /** Time to plan for a seek and a start; 0.4 s in a browser at first. */
  get alignLeadS() {
    const leadS = SEEK_SPREAD * this.#seekS + this.#startS + Math.max(0, this.lagS);
    return Math.min(leadS + this.#tuning.alignMarginS, this.#tuning.alignLeadMaxS);
  }

  /**
   * Learn from a seek: fast upwards, since late costs more than early.
   * @param {number} latencyS counts for a second at most: it waited for data
   */
  seekTook(latencyS) {
    const capped = Math.min(Math.max(latencyS, 0), SEEK_CAP_S);
    const gain = capped > this.#seekS ? SEEK_UP : SEEK_DOWN;
    this.#seekS += gain * (capped - this.#seekS);
  }

  /**
   * Learn from a start: the first ones most, since the guess knew nothing.
   * @param {number} latencyS
   */
  startTook(latencyS) {
    const capped = Math.min(Math.max(latencyS, 0), START_CAP_S);
    this.#starts += 1;
    const gain = Math.max(START_GAIN, 1 / (this.#starts + 1));
    this.#startS += gain * (capped - this.#startS);
  }

  /**
   * Learn from the frames after a start; not from a page's first one, which is another case, nor
   * from frames that have fallen over since.
   * @param {number} leadS how far they are ahead of the media clock
   */
  framesLed(leadS) {
    if (this.#starts > 1 && Math.abs(leadS) < FALLEN_S) {
      this.#nextLeadS += LEAD_GAIN * (leadS - this.#nextLeadS);
    }
    const boundS = this.#tuning.frameLeadMaxS;
    this.#leadS = Math.min(Math.max(this.#nextLeadS, -boundS), boundS);
  }
}
