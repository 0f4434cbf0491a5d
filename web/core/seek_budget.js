// @ts-check
/**
 * When an error calls for a seek, and how often one may be made.
 *
 * Owns the bound beyond which rate can't help, and the count of seeks that did
 * not: a player that never gets there is shaken less and less. It does not plan
 * the seek (alignment). Twin of server/core/seek_budget.py.
 */

/** @import {Tuning} from "./tuning.js" */

const HELD_S = 10;
const MAX_DOUBLINGS = 4;

/**
 * The seeks of one player. The room's (a jump, a join) are made at once. Where such a one came
 * late, one repeat may follow before the film moves: nobody sees that. A film that moves is left
 * alone for a while after every seek, whoever asked for it.
 */
export class SeekBudget {
  #tuning;
  #soughtS = -1e9;
  #mayRepeat = false;
  #failures = 0;

  /** @param {Tuning} tuning */
  constructor(tuning) {
    this.#tuning = tuning;
  }

  /** Forget failures: the timeline is another. */
  forgive() {
    this.#failures = 0;
  }

  /** Forget when the latest one was: the clock is another. */
  forgetInstants() {
    this.#soughtS = -1e9;
  }

  /**
   * Forget failures once the latest seek has held: a slow machine is in sync for seconds.
   * @param {number} nowS
   */
  inSync(nowS) {
    if (nowS - this.#soughtS >= HELD_S) this.#failures = 0;
  }

  /**
   * Count a seek that the room asks for.
   * @param {number} nowS
   */
  obey(nowS) {
    this.#soughtS = nowS;
    this.#mayRepeat = true;
  }

  /**
   * Count a correction; it has failed until it has held.
   * @param {number} nowS
   */
  spend(nowS) {
    this.#soughtS = nowS;
    this.#mayRepeat = false;
    this.#failures += 1;
  }

  /**
   * Count a seek that repeats one that came late: no failure.
   * @param {number} nowS
   */
  repeat(nowS) {
    this.#soughtS = nowS;
    this.#mayRepeat = false;
  }

  /** The film moves: from now on everybody sees a seek. */
  moves() {
    this.#mayRepeat = false;
  }

  /**
   * Whether a film that moves may be corrected: the latest seek was long enough ago.
   * @param {number} nowS
   */
  allows(nowS) {
    return nowS - this.#soughtS >= this.#tuning.seekGapS;
  }

  /**
   * Whether a film that does not move yet may be sought once more.
   * @param {number} nowS
   */
  allowsRepeat(nowS) {
    return this.#mayRepeat || this.allows(nowS);
  }

  /**
   * The error, in seconds of media, that only a seek mends. At twice the room's speed a moment
   * lost is twice as much media, and rate mends twice as much.
   * @param {{muted: boolean, measurable: boolean, speed: number}} how
   */
  boundS({ muted, measurable, speed }) {
    const tuning = this.#tuning;
    let boundS = tuning.seekAboveS;
    if (tuning.recoveryS > 0) {
      const limit = muted ? tuning.recoveryLimitMuted : tuning.recoveryLimit;
      boundS = Math.min(boundS, tuning.unmendedS + limit * tuning.recoveryS);
    }
    if (!measurable) boundS = Math.max(boundS, tuning.coarseSeekAboveS);
    const doublings = Math.floor(this.#failures / tuning.seekPatience);
    return boundS * 2 ** Math.min(doublings, MAX_DOUBLINGS) * Math.max(1, speed);
  }

  /**
   * Whether an error is beyond rate, at once or as a recovery has shown.
   * @param {number} errorS
   * @param {{muted: boolean, measurable: boolean, speed: number, recoverySpent: boolean}} how
   */
  callsForSeek(errorS, { muted, measurable, speed, recoverySpent }) {
    if (Math.abs(errorS) > this.boundS({ muted, measurable, speed })) return true;
    const patient = this.#failures >= this.#tuning.seekPatience || !measurable;
    const unmendedS = this.#tuning.unmendedS * Math.max(1, speed);
    return recoverySpent && Math.abs(errorS) > unmendedS && !patient;
  }
}
