// @ts-check
/**
 * What time it is on the server, learned from four timestamps a probe.
 *
 * Owns the offset between a local monotonic clock (`performance.now() / 1000`)
 * and the server's, and the times at which to probe. It sends nothing and reads
 * no clock: the edge runs a burst when `nextBurstAt` has come, and hands it
 * over. All quantities are seconds. Twin of server/core/clock.py, which gives
 * the reasons; tests/vectors/clock.json runs in both.
 */

import { OffsetFilter } from "./offset_filter.js";

/** Probes in a burst, each sent once the one before is answered. */
export const PROBES_PER_BURST = 8;

const JOIN_BURSTS = 3;
const JOIN_GAP_S = 0.25;
const EARLY_FOR_S = 10;
const EARLY_GAP_S = 1;
const STEADY_GAP_S = 2;
const SIGMA_FLOOR_S = 0.0001;
const SIGMA_PER_DELAY = 0.5;
const SIGMA_PER_SPREAD = 0.1;
const SPREAD_CAP_S = 0.02;
const LOWEST_WINDOW_S = 120;
const RESET_SIGMAS = 4;
const WALL_JUMP_S = 0.05;
const SLEW_BELOW_S = 0.005;
const SLEW_FOR_S = 0.5;

/**
 * One question and its answer; T1 to T4 of NTP, in seconds. Sent and returned
 * are local, received and replied are the server's.
 * @typedef {object} Probe
 * @property {number} sentS
 * @property {number} receivedS
 * @property {number} repliedS
 * @property {number} returnedS
 */

/**
 * Time on the network, in seconds; never negative.
 * @param {Probe} probe
 */
export function roundTripOf(probe) {
  const thereAndBack = probe.returnedS - probe.sentS;
  return Math.max(0, thereAndBack - (probe.repliedS - probe.receivedS));
}

/**
 * Server clock less local clock, off by at most half the round trip.
 * @param {Probe} probe
 */
export function offsetOf(probe) {
  return (probe.receivedS - probe.sentS + (probe.repliedS - probe.returnedS)) / 2;
}

/** @param {Probe} probe */
function isSound(probe) {
  const { sentS, receivedS, repliedS, returnedS } = probe;
  return (
    [sentS, receivedS, repliedS, returnedS].every(Number.isFinite) &&
    returnedS >= sentS &&
    repliedS >= receivedS
  );
}

/** The server's clock as seen from here. */
export class Clock {
  /** @type {string | null} */
  #epoch = null;
  /** @type {number | null} */
  #wallOffsetS = null;
  #wokenS = -Infinity;
  #bursts = 0;
  #lastBurstS = -Infinity;
  /** @type {OffsetFilter | null} */
  #filter = null;
  #standInS = 0;
  #slewS = 0;
  #slewStartS = -Infinity;
  #suspect = false;
  /** @type {number | null} */
  #roundTripS = null;
  /** @type {{localS: number, roundTripS: number}[]} */
  #roundTrips = [];

  /** Whether an estimate stands; `serverNow` is a guess until then. */
  get synchronised() {
    return this.#filter !== null;
  }

  /** Standard deviation of the offset when last updated; Infinity: unknown. */
  get uncertaintyS() {
    return this.#filter?.sigmaS ?? Infinity;
  }

  /** Lowest round trip of the latest burst; the hard bound is its half. */
  get roundTripS() {
    return this.#roundTripS;
  }

  /**
   * Server clock less local clock, as applied at a local instant.
   * @param {number} localS
   */
  offsetAt(localS) {
    const progress = (localS - this.#slewStartS) / SLEW_FOR_S;
    const left = 1 - Math.min(Math.max(progress, 0), 1);
    return this.#believedAt(localS) - this.#slewS * left;
  }

  /** @param {number} localS */
  serverNow(localS) {
    return localS + this.offsetAt(localS);
  }

  /**
   * The local instant of a server instant, once any slew has finished.
   * @param {number} serverS
   */
  localOf(serverS) {
    if (!this.#filter) return serverS - this.#standInS;
    // offset = o + d·(local - at), and server = local + offset
    const { drift, atS } = this.#filter;
    return atS + (serverS - atS - this.#filter.offsetAt(atS)) / (1 + drift);
  }

  /** Local instant at which the next burst is due; -Infinity: at once. */
  get nextBurstAt() {
    if (this.#bursts === 0) return this.#wokenS;
    // A burst that contradicts the estimate is confirmed or refuted soon.
    if (this.#bursts < JOIN_BURSTS || this.#suspect) return this.#lastBurstS + JOIN_GAP_S;
    const early = this.#lastBurstS - this.#wokenS < EARLY_FOR_S;
    return this.#lastBurstS + (early ? EARLY_GAP_S : STEADY_GAP_S);
  }

  /**
   * Restart the schedule: the page is visible, online or connected again.
   * @param {number} localS
   */
  wake(localS) {
    this.#wokenS = localS;
    this.#bursts = 0;
  }

  /**
   * Take in a finished burst.
   * @param {Probe[]} probes its answered probes; none only moves the schedule on
   * @param {number} localS local instant of its end
   */
  addBurst(probes, localS) {
    if (this.#bursts === 0 && !Number.isFinite(this.#wokenS)) this.#wokenS = localS;
    this.#bursts += 1;
    this.#lastBurstS = localS;
    const sound = probes.filter(isSound).sort((a, b) => roundTripOf(a) - roundTripOf(b));
    if (sound.length === 0) return;
    const best = sound[0];
    const middle = sound[Math.floor(sound.length / 2)];
    let sigmaS = this.#burstSigma(best, middle, localS);
    if (this.#contradicts(best, sigmaS, localS)) {
      if (!this.#suspect) {
        this.#suspect = true;
        return;
      }
      this.#forget();
      sigmaS = this.#burstSigma(best, middle, localS);
    }
    this.#suspect = false;
    this.#roundTripS = roundTripOf(best);
    this.#adopt(offsetOf(best), sigmaS, localS);
  }

  /**
   * Compare with the wall clock; a jump means that the machine slept.
   * @param {number} localS
   * @param {number} wallS `Date.now() / 1000`, read in the same instant
   * @returns {boolean} whether the estimate was dropped; a burst is then due
   */
  checkWall(localS, wallS) {
    const before = this.#wallOffsetS;
    this.#wallOffsetS = wallS - localS;
    if (before === null || Math.abs(this.#wallOffsetS - before) <= WALL_JUMP_S) return false;
    this.#forget();
    this.wake(localS);
    return true;
  }

  /**
   * Name the server's run; another run has another clock.
   * @param {string} epoch
   * @param {number} localS
   * @returns {boolean} whether the estimate was dropped; a burst is then due
   */
  newEpoch(epoch, localS) {
    const changed = this.#epoch !== null && epoch !== this.#epoch;
    this.#epoch = epoch;
    if (changed) {
      this.#forget();
      this.wake(localS);
    }
    return changed;
  }

  #forget() {
    if (this.#filter) this.#standInS = this.#filter.offsetAt(this.#filter.atS);
    this.#filter = null;
    this.#suspect = false;
    this.#roundTripS = null;
    this.#roundTrips = [];
  }

  /**
   * Judge a burst by the fastest path known; may lower the judgement of earlier
   * ones.
   * @param {Probe} best
   * @param {Probe} middle
   * @param {number} localS
   */
  #burstSigma(best, middle, localS) {
    const bestS = roundTripOf(best);
    if (this.#roundTrips.length > 0) {
      // A faster path shows how long the bursts before had waited.
      const knownS = Math.min(...this.#roundTrips.map((r) => r.roundTripS));
      this.#filter?.doubt(SIGMA_PER_DELAY * Math.max(0, knownS - bestS));
    }
    this.#roundTrips = this.#roundTrips.filter((r) => r.localS >= localS - LOWEST_WINDOW_S);
    this.#roundTrips.push({ localS, roundTripS: bestS });
    const lowestS = Math.min(...this.#roundTrips.map((r) => r.roundTripS));
    const spreadS = Math.min(roundTripOf(middle) - bestS, SPREAD_CAP_S);
    return SIGMA_FLOOR_S + SIGMA_PER_DELAY * (bestS - lowestS) + SIGMA_PER_SPREAD * spreadS;
  }

  /**
   * Whether a burst and the estimate can't both be right.
   * @param {Probe} best
   * @param {number} sigmaS
   * @param {number} localS
   */
  #contradicts(best, sigmaS, localS) {
    if (!this.#filter) return false;
    const expectedS = Math.hypot(this.#filter.sigmaAt(localS), sigmaS);
    const boundS = Math.max(RESET_SIGMAS * expectedS, roundTripOf(best) / 2);
    return Math.abs(offsetOf(best) - this.#filter.offsetAt(localS)) > boundS;
  }

  /**
   * Take in a burst; a small change glides in, so that no frame jumps.
   * @param {number} offsetS
   * @param {number} sigmaS
   * @param {number} localS
   */
  #adopt(offsetS, sigmaS, localS) {
    const appliedS = this.offsetAt(localS);
    const known = this.#filter !== null;
    if (this.#filter) this.#filter.measure(offsetS, sigmaS, localS);
    else this.#filter = new OffsetFilter(offsetS, sigmaS, localS);
    const changeS = this.#believedAt(localS) - appliedS;
    const small = known && Math.abs(changeS) < SLEW_BELOW_S;
    this.#slewS = small ? changeS : 0;
    this.#slewStartS = small ? localS : -Infinity;
  }

  /** @param {number} localS */
  #believedAt(localS) {
    return this.#filter ? this.#filter.offsetAt(localS) : this.#standInS;
  }
}
