// @ts-check
/**
 * Where a playing player truly is, from the frames it presents and its media clock.
 *
 * Owns the recent samples and what they say together; does not judge the error. The media
 * clock (`currentTime`, read in a frame's callback) says where the player is, and the frames,
 * which move in steps of up to a whole frame, bound it: what is beyond that is kept as the
 * display's lag. Twin of server/core/playhead.py, which holds the measurement.
 */

import { DisplayLag } from "./display_lag.js";
import { slope } from "./timeline.js";

/** @import {Timeline} from "./timeline.js" */

/**
 * A media time, in seconds, and the instant at which it held.
 * @typedef {{instantS: number, mediaTimeS: number}} Sample
 */

const MIN_SAMPLES = 3;
// Further than this off its own line, the player has jumped, or a clock has.
const STEP_S = 0.1;
// What frames must span to tell the display's lag.
const LAG_SPAN_S = 0.2;

/** The recent samples of one stretch of playing at one rate. */
export class Playhead {
  /** @type {Sample[]} */
  #frames = [];
  /** @type {Sample[]} */
  #clock = [];
  #blindUntilS = 0;
  #lag = new DisplayLag();

  /** How much later than its media clock, beyond half a frame, the player's frames show. */
  get lagS() {
    return this.#lag.lagS;
  }

  /**
   * The player starts to move: forget all samples, and take none before an instant.
   * @param {number} blindUntilS
   */
  begin(blindUntilS) {
    this.restart(blindUntilS);
    this.#lag.begin();
  }

  /**
   * The rate is another: forget all samples, and take none shown before an instant.
   * @param {number} blindUntilS
   */
  restart(blindUntilS) {
    this.#clear();
    this.#lag.lookAnew();
    this.#blindUntilS = blindUntilS;
  }

  /** Forget all samples, and when things were: the clock is another. */
  forgetInstants() {
    this.drop();
    this.#blindUntilS = -1e9;
  }

  /** Forget all samples, as when they come from another source. */
  drop() {
    this.#clear();
    this.#lag.jumped();
  }

  #clear() {
    this.#frames = [];
    this.#clock = [];
  }

  /** Forget all samples and the display's lag: the film is another. */
  forget() {
    this.drop();
    this.#lag = new DisplayLag();
  }

  /**
   * Keep a presented frame, and those of the window before it. A media time that repeats is
   * the same frame painted again, and says nothing new.
   * @param {Sample} frame
   * @param {Sample | null} clock the media clock, read when the frame was reported
   * @param {number} rate the player's
   * @param {number} windowS
   */
  addFrame(frame, clock, rate, windowS) {
    if (this.#frames.at(-1)?.mediaTimeS === frame.mediaTimeS) return;
    if (clock === null) this.#beginAnewAfterJump(this.#frames, frame, rate);
    else this.addClock(clock, rate, windowS);
    this.#keep(this.#frames, frame, windowS);
    this.#tellLag(rate);
  }

  /**
   * Keep a reading of the media clock, and those of the window before it.
   * @param {Sample} clock
   * @param {number} rate the player's
   * @param {number} windowS
   */
  addClock(clock, rate, windowS) {
    this.#beginAnewAfterJump(this.#clock, clock, rate);
    this.#keep(this.#clock, clock, windowS);
  }

  /**
   * The media time shown at an instant, by the latest sample; null: no sample.
   * @param {number} nowS
   * @param {number} rate
   * @returns {number | null}
   */
  positionAt(nowS, rate) {
    const last = this.#clock.at(-1) ?? this.#frames.at(-1);
    return last ? last.mediaTimeS - this.#lag.lagS + (nowS - last.instantS) * rate : null;
  }

  /**
   * The error now, positive when ahead; null: too few samples. Samples lie in the past and are
   * carried forward by the difference of the rates.
   * @param {Timeline} timeline its line is extended both ways
   * @param {number} nowS
   * @param {number} rate the player's rate since the samples began
   * @param {number} minSpanS what the samples must span
   * @returns {number | null}
   */
  errorS(timeline, nowS, rate, minSpanS) {
    const lineRate = slope(timeline);
    const offS = (/** @type {Sample} */ { instantS, mediaTimeS }) => {
      const dueS = timeline.position_s + (instantS - timeline.at_s) * lineRate;
      return mediaTimeS - dueS + (nowS - instantS) * (rate - lineRate);
    };
    if (this.#clock.length > 0) {
      if (!spans(this.#clock, minSpanS)) return null;
      return median(this.#clock.map(offS)) - this.#lag.lagS;
    }
    return spans(this.#frames, minSpanS) ? mean(this.#frames.map(offS)) : null;
  }

  /**
   * The instant at which the samples' line passed a position; null: too few.
   * @param {number} positionS
   * @param {number} rate
   * @param {number} minSpanS
   * @returns {number | null}
   */
  originS(positionS, rate, minSpanS) {
    const samples = this.#clock.length > 0 ? this.#clock : this.#frames;
    if (!spans(samples, minSpanS)) return null;
    return median(samples.map((s) => s.instantS - (s.mediaTimeS - positionS) / rate));
  }

  /**
   * How far the frames are ahead of the media clock; null: too few of either.
   * @param {number} rate
   * @param {number} minSpanS
   * @returns {number | null}
   */
  frameLeadS(rate, minSpanS) {
    if (!spans(this.#frames, minSpanS) || !spans(this.#clock, minSpanS)) return null;
    const originS = this.#clock[0].instantS;
    const lineS = (/** @type {Sample} */ { instantS, mediaTimeS }) =>
      mediaTimeS - (instantS - originS) * rate;
    return median(this.#frames.map(lineS)) - median(this.#clock.map(lineS));
  }

  /** @param {number} rate */
  #tellLag(rate) {
    const leadS = this.frameLeadS(rate, LAG_SPAN_S);
    const last = this.#frames.at(-1);
    if (leadS !== null && last) this.#lag.look(leadS, spacingS(this.#frames), last.instantS);
  }

  /**
   * @param {Sample[]} samples
   * @param {Sample} sample
   * @param {number} rate
   */
  #beginAnewAfterJump(samples, sample, rate) {
    const last = samples.at(-1);
    if (!last) return;
    const passedS = (sample.instantS - last.instantS) * rate;
    if (Math.abs(sample.mediaTimeS - last.mediaTimeS - passedS) > STEP_S) this.drop();
  }

  /**
   * @param {Sample[]} samples
   * @param {Sample} sample
   * @param {number} windowS
   */
  #keep(samples, sample, windowS) {
    if (sample.instantS < this.#blindUntilS) return;
    samples.push(sample);
    while (samples[0].instantS < sample.instantS - windowS) samples.shift();
  }
}

/**
 * @param {Sample[]} samples
 * @param {number} minSpanS
 */
function spans(samples, minSpanS) {
  if (samples.length < MIN_SAMPLES) return false;
  return samples[samples.length - 1].instantS - samples[0].instantS >= minSpanS;
}

/**
 * The mean distance of frames, in seconds of media time.
 * @param {Sample[]} samples
 */
function spacingS(samples) {
  const first = samples[0];
  return (samples[samples.length - 1].mediaTimeS - first.mediaTimeS) / (samples.length - 1);
}

/** @param {number[]} numbers */
function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
