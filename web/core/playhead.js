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
import { Samples } from "./samples.js";
import { slope } from "./timeline.js";

/** @import {Sample} from "./samples.js" */
/** @import {Timeline} from "./timeline.js" */

// Further than this off its own line, the player has jumped, or a clock has.
const STEP_S = 0.1;
// What frames must span to tell the display's lag.
const LAG_SPAN_S = 0.2;

/** The recent samples of one stretch of playing at one rate. */
export class Playhead {
  #frames = new Samples();
  #clock = new Samples();
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
    this.#frames.clear();
    this.#clock.clear();
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
    if (this.#frames.latest?.mediaTimeS === frame.mediaTimeS) return;
    if (clock === null) this.#beginAnewAfterJump(this.#frames, frame, rate);
    else this.addClock(clock, rate, windowS);
    this.#keep(this.#frames, frame, rate, windowS);
    this.#tellLag(frame.instantS);
  }

  /**
   * Keep a reading of the media clock, and those of the window before it.
   * @param {Sample} clock
   * @param {number} rate the player's
   * @param {number} windowS
   */
  addClock(clock, rate, windowS) {
    this.#beginAnewAfterJump(this.#clock, clock, rate);
    this.#keep(this.#clock, clock, rate, windowS);
  }

  /**
   * The media time shown at an instant, by the latest sample; null: no sample.
   * @param {number} nowS
   * @param {number} rate
   * @returns {number | null}
   */
  positionAt(nowS, rate) {
    const last = this.#placing.latest;
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
    const samples = this.#placing;
    if (!samples.spans(minSpanS)) return null;
    const atZeroS = samples === this.#frames
      ? samples.meanAtZeroS
      : samples.medianAtZeroS - this.#lag.lagS;
    const dueS = timeline.position_s + (nowS - timeline.at_s) * slope(timeline);
    return atZeroS + nowS * rate - dueS;
  }

  /**
   * The instant at which the samples' line passed a position; null: too few.
   * @param {number} positionS
   * @param {number} rate
   * @param {number} minSpanS
   * @returns {number | null}
   */
  originS(positionS, rate, minSpanS) {
    const samples = this.#placing;
    return samples.spans(minSpanS) ? (positionS - samples.medianAtZeroS) / rate : null;
  }

  /**
   * How far the frames are ahead of the media clock; null: too few of either.
   * @param {number} minSpanS
   * @returns {number | null}
   */
  frameLeadS(minSpanS) {
    if (!this.#frames.spans(minSpanS) || !this.#clock.spans(minSpanS)) return null;
    return this.#frames.medianAtZeroS - this.#clock.medianAtZeroS;
  }

  /** What says where the player is: its media clock, its frames where it has none. */
  get #placing() {
    return this.#clock.latest === null ? this.#frames : this.#clock;
  }

  /** @param {number} nowS */
  #tellLag(nowS) {
    const leadS = this.frameLeadS(LAG_SPAN_S);
    if (leadS !== null) this.#lag.look(leadS, this.#frames.spacingS, nowS);
  }

  /**
   * @param {Samples} samples
   * @param {Sample} sample
   * @param {number} rate
   */
  #beginAnewAfterJump(samples, sample, rate) {
    const last = samples.latest;
    if (!last) return;
    const passedS = (sample.instantS - last.instantS) * rate;
    if (Math.abs(sample.mediaTimeS - last.mediaTimeS - passedS) > STEP_S) this.drop();
  }

  /**
   * @param {Samples} samples
   * @param {Sample} sample
   * @param {number} rate
   * @param {number} windowS
   */
  #keep(samples, sample, rate, windowS) {
    if (sample.instantS >= this.#blindUntilS) samples.keep(sample, rate, windowS);
  }
}
