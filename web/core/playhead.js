// @ts-check
/**
 * Where a playing player truly is, from the frames it presents.
 *
 * Owns the recent samples and their mean; does not judge the error. Twin of
 * server/core/playhead.py.
 */

/** @import {Timeline} from "./timeline.js" */

const MIN_SAMPLES = 3;

/** The recent samples of one stretch of playing at one rate. */
export class Playhead {
  /** @type {{instantS: number, mediaTimeS: number}[]} */
  #samples = [];
  #blindUntilS = 0;

  /**
   * Forget all samples, and take none shown before an instant.
   * @param {number} blindUntilS
   */
  restart(blindUntilS) {
    this.#samples = [];
    this.#blindUntilS = blindUntilS;
  }

  /** Forget all samples, as when they come from another source. */
  forget() {
    this.#samples = [];
  }

  /**
   * Keep a sample, and those of the window before it. A media time that repeats
   * is the same frame painted again, and says nothing new.
   * @param {number} instantS
   * @param {number} mediaTimeS
   * @param {number} windowS
   */
  add(instantS, mediaTimeS, windowS) {
    const samples = this.#samples;
    if (instantS < this.#blindUntilS) return;
    if (samples.length > 0 && samples[samples.length - 1].mediaTimeS === mediaTimeS) return;
    samples.push({ instantS, mediaTimeS });
    while (samples[0].instantS < instantS - windowS) samples.shift();
  }

  /**
   * The media time at an instant, from the latest sample; null: no sample.
   * @param {number} nowS
   * @param {number} rate
   * @returns {number | null}
   */
  positionAt(nowS, rate) {
    const samples = this.#samples;
    if (samples.length === 0) return null;
    const last = samples[samples.length - 1];
    return last.mediaTimeS + (nowS - last.instantS) * rate;
  }

  /**
   * The mean error now, positive when ahead; null: too few samples. The mean
   * lies in the past and is carried forward by the difference of the rates.
   * @param {Timeline} timeline its line is extended both ways
   * @param {number} nowS
   * @param {number} rate the player's rate since the samples began
   * @param {number} minSpanS what the samples must span
   * @returns {number | null}
   */
  errorS(timeline, nowS, rate, minSpanS) {
    if (!this.#spans(minSpanS)) return null;
    const count = this.#samples.length;
    const instantS = this.#samples.reduce((sum, s) => sum + s.instantS, 0) / count;
    const mediaS = this.#samples.reduce((sum, s) => sum + s.mediaTimeS, 0) / count;
    const dueS = timeline.position_s + (instantS - timeline.at_s) * timeline.rate;
    return mediaS - dueS + (nowS - instantS) * (rate - timeline.rate);
  }

  /**
   * The instant at which the samples' line passed a position; null: too few.
   * @param {number} positionS
   * @param {number} rate
   * @param {number} minSpanS
   * @returns {number | null}
   */
  originS(positionS, rate, minSpanS) {
    if (!this.#spans(minSpanS)) return null;
    const total = this.#samples.reduce(
      (sum, s) => sum + s.instantS - (s.mediaTimeS - positionS) / rate,
      0,
    );
    return total / this.#samples.length;
  }

  /** @param {number} minSpanS */
  #spans(minSpanS) {
    const samples = this.#samples;
    if (samples.length < MIN_SAMPLES) return false;
    return samples[samples.length - 1].instantS - samples[0].instantS >= minSpanS;
  }
}
