// @ts-check
/**
 * How two clocks differ: their offset and its drift, weighed from noisy measurements.
 *
 * Owns a Kalman filter of two states. Seconds; drift is a bare ratio. Twin of
 * server/core/offset_filter.py, which says where the constants come from.
 */

const DRIFT_SIGMA = 60e-6;
const DRIFT_BOUND = 200e-6;
const DRIFT_TRUSTED_SIGMAS = 2;
const DRIFT_VARIANCE_PER_S = 1e-12 / 60;
const OFFSET_VARIANCE_PER_S = 5e-6 ** 2;

/** The difference of two clocks, from its first measurement on. */
export class OffsetFilter {
  #offsetS;
  #drift = 0;
  #atS;
  #pOffset;
  #pCross = 0;
  #pDrift = DRIFT_SIGMA ** 2;

  /**
   * Believe a first measurement.
   * @param {number} offsetS
   * @param {number} sigmaS its standard deviation
   * @param {number} atS local instant of the measurement
   */
  constructor(offsetS, sigmaS, atS) {
    this.#offsetS = offsetS;
    this.#atS = atS;
    this.#pOffset = sigmaS ** 2;
  }

  /** Local instant of the latest measurement. */
  get atS() {
    return this.#atS;
  }

  /** Standard deviation of the offset at the latest measurement. */
  get sigmaS() {
    return Math.sqrt(this.#pOffset);
  }

  /** What the offset grows by in a second; 0 while that is not certain to two sigma. */
  get drift() {
    const trusted = Math.abs(this.#drift) > DRIFT_TRUSTED_SIGMAS * Math.sqrt(this.#pDrift);
    return trusted ? this.#drift : 0;
  }

  /**
   * The offset at a local instant, drifting on since the latest measurement.
   * @param {number} atS
   */
  offsetAt(atS) {
    return this.#offsetS + this.drift * (atS - this.#atS);
  }

  /**
   * Standard deviation of the offset at a later local instant.
   * @param {number} atS
   */
  sigmaAt(atS) {
    return Math.sqrt(this.#agedVariance(Math.max(0, atS - this.#atS)));
  }

  /**
   * Add to the standard deviation: past measurements turned out to be worse.
   * @param {number} moreS
   */
  doubt(moreS) {
    this.#pOffset = (this.sigmaS + moreS) ** 2;
  }

  /**
   * Blend in another measurement, by its weight.
   * @param {number} offsetS
   * @param {number} sigmaS
   * @param {number} atS
   */
  measure(offsetS, sigmaS, atS) {
    const passedS = Math.max(0, atS - this.#atS);
    this.#offsetS += this.#drift * passedS;
    this.#pOffset = this.#agedVariance(passedS);
    this.#pCross += passedS * this.#pDrift;
    this.#pDrift += DRIFT_VARIANCE_PER_S * passedS;
    this.#atS = atS;
    const total = this.#pOffset + sigmaS ** 2;
    const gain = this.#pOffset / total;
    const driftGain = this.#pCross / total;
    const surpriseS = offsetS - this.#offsetS;
    this.#offsetS += gain * surpriseS;
    const drift = this.#drift + driftGain * surpriseS;
    this.#drift = Math.min(Math.max(drift, -DRIFT_BOUND), DRIFT_BOUND);
    this.#pDrift -= driftGain * this.#pCross;
    this.#pCross *= 1 - gain;
    this.#pOffset *= 1 - gain;
  }

  /** @param {number} passedS */
  #agedVariance(passedS) {
    return (
      this.#pOffset +
      2 * passedS * this.#pCross +
      passedS ** 2 * this.#pDrift +
      OFFSET_VARIANCE_PER_S * passedS
    );
  }
}
