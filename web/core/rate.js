// @ts-check
/**
 * Which playback rate mends an error, and when to write it.
 *
 * Owns a proportional controller with a dead band and a small integrator, and
 * the limits on writes: each write disturbs a player, so they are few. Twin of
 * server/core/rate.py.
 */

/** @import {Tuning} from "./tuning.js" */

const STRAY = 1e-4;
const MAX_INTEGRATION_STEP_S = 1;

/** Keeps one player's rate. */
export class RateController {
  #tuning;
  #integral = 0;
  /** @type {number | null} */
  #integratedS = null;
  #inside = false;
  /**
   * Where an error stands that is no longer small and not yet large.
   * @type {{ahead: boolean, sinceS: number} | null}
   */
  #edge = null;
  #mended = false;
  /** @type {number | null} */
  #recoveringSinceS = null;
  #written = 1;
  #writtenS = -1e9;

  /** @param {Tuning} tuning */
  constructor(tuning) {
    this.#tuning = tuning;
  }

  /** The rate last written; players begin at 1. */
  get written() {
    return this.#written;
  }

  /**
   * The rate of a player without error: the integrator knows its drift.
   * @param {number} sharedRate
   */
  base(sharedRate) {
    return sharedRate * (1 - this.#integral);
  }

  /**
   * Whether a recovery has lasted as long as it may.
   * @param {number} nowS
   */
  spent(nowS) {
    const sinceS = this.#recoveringSinceS;
    return sinceS !== null && nowS - sinceS > this.#tuning.recoveryS;
  }

  /** Freeze: no error is known (seek, start, starvation). */
  hold() {
    this.#integratedS = null;
    this.#recoveringSinceS = null;
    this.#edge = null;
    this.#inside = false;
    this.#mended = false;
  }

  /** Forget when things were done: the clock is another. */
  forgetInstants() {
    this.hold();
    this.#writtenS = -1e9;
  }

  /**
   * The rate with which a correction goes on, on a line that is bent a little.
   * @param {number} sharedRate the line's slope
   * @param {number} before what it was before
   * @param {number} speed the room's speed, apart from the bend
   */
  bent(sharedRate, before, speed) {
    const rate = (this.#written * sharedRate) / before;
    return this.#steady(rate, speed, this.#written, sharedRate);
  }

  /**
   * The rate that mends an error.
   * @param {number} errorS media time shown less timeline
   * @param {number} sharedRate the line's slope
   * @param {number} nowS
   * @param {{speed: number, widen: number, muted: boolean, brisk: boolean}} how the room's speed,
   *   from which the slope differs while the room glides; factor of the dead band, 1 where frames
   *   are measured; whether nobody hears the correction; whether it has just started, so that a
   *   larger error is gone by the next write
   * @returns {number}
   */
  wanted(errorS, sharedRate, nowS, { speed, widen, muted, brisk }) {
    const tuning = this.#tuning;
    const sizeS = Math.abs(errorS);
    if (brisk && sizeS > tuning.briskAboveS) {
      this.hold();
      const most = tuning.briskLimit;
      return sharedRate * (1 - Math.min(Math.max(errorS / tuning.writeGapS, -most), most));
    }
    this.#inside = sizeS <= this.#bandS(errorS / widen, nowS) * widen;
    const recovers = this.#recovers(sizeS, nowS);
    if (this.#inside) {
      this.#mended = true;
      this.#integratedS = null;
      return this.base(sharedRate);
    }
    const limit = this.#limit(recovers, muted);
    const tauS = recovers ? tuning.tauFarS : tuning.tauS;
    const correction = errorS / tauS + this.#integral;
    // What a recovery mends, or what a start left, was an accident; drift is what comes after.
    this.#integrate(errorS, nowS, recovers || !this.#mended || Math.abs(correction) > limit);
    const rate = sharedRate * (1 - Math.min(Math.max(correction, -limit), limit));
    return recovers ? rate : this.#steady(rate, speed, sharedRate);
  }

  /**
   * Decide whether to write a rate now, and take it as written if so.
   * @param {number} rate the rate wanted
   * @param {number} nowS
   * @param {number | null} actual the rate the player reports; null: as last written
   * @param {{urgent?: boolean}} [how] the room's speed changed: don't wait
   * @returns {boolean}
   */
  write(rate, nowS, actual, { urgent = false } = {}) {
    const stray = actual !== null && Math.abs(actual - this.#written) > STRAY;
    const changed = Math.abs(rate - this.#written) >= this.#tuning.writeStep;
    if (!stray && !changed) return false;
    if (!urgent && nowS - this.#writtenS < this.#tuning.writeGapS) return false;
    this.#written = rate;
    this.#writtenS = nowS;
    return true;
  }

  /**
   * Up to where an error is left alone: less far once it has lasted on one side.
   * @param {number} errorS
   * @param {number} nowS
   */
  #bandS(errorS, nowS) {
    const { deadBandInS, deadBandOutS, edgeS } = this.#tuning;
    if (!this.#inside || Math.abs(errorS) <= deadBandInS) {
      this.#edge = null;
      return this.#inside ? deadBandOutS : deadBandInS;
    }
    const ahead = errorS > 0;
    if (this.#edge?.ahead !== ahead) this.#edge = { ahead, sinceS: nowS };
    return nowS - this.#edge.sinceS > edgeS ? deadBandInS : deadBandOutS;
  }

  /**
   * Keep a rate where nobody hears it, if these others are there, too.
   * @param {number} rate
   * @param {number} speed
   * @param {...number} others
   */
  #steady(rate, speed, ...others) {
    const most = this.#tuning.steadyLimit * speed;
    if (others.some((other) => Math.abs(other - speed) > most + STRAY)) return rate;
    return Math.min(Math.max(rate, speed - most), speed + most);
  }

  /**
   * Whether to hurry: from a large error down to the dead band, for a while.
   * @param {number} sizeS
   * @param {number} nowS
   */
  #recovers(sizeS, nowS) {
    const { recoverAboveS, recoveryS, recoveryRestS } = this.#tuning;
    let sinceS = this.#recoveringSinceS;
    if (this.#inside || recoveryS <= 0) sinceS = null;
    else if (sinceS === null) sinceS = sizeS > recoverAboveS ? nowS : null;
    else if (nowS - sinceS > recoveryS + recoveryRestS) sinceS = null;
    this.#recoveringSinceS = sinceS;
    return sinceS !== null && !this.spent(nowS);
  }

  /**
   * @param {boolean} recovers
   * @param {boolean} muted
   */
  #limit(recovers, muted) {
    const tuning = this.#tuning;
    if (!recovers) return tuning.steadyLimit;
    return muted ? tuning.recoveryLimitMuted : tuning.recoveryLimit;
  }

  /**
   * @param {number} errorS
   * @param {number} nowS
   * @param {boolean} frozen
   */
  #integrate(errorS, nowS, frozen) {
    const beforeS = this.#integratedS;
    this.#integratedS = nowS;
    if (frozen || beforeS === null) return;
    const stepS = Math.min(nowS - beforeS, MAX_INTEGRATION_STEP_S);
    const bound = this.#tuning.integralLimit;
    const grown =
      this.#integral + (errorS * stepS) / (this.#tuning.tauS * this.#tuning.integralTimeS);
    this.#integral = Math.min(Math.max(grown, -bound), bound);
  }
}
