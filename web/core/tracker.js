// @ts-check
/**
 * A playing player: how far off it is, and the rate that mends it.
 *
 * Owns the samples of one player and its rate, which belong together: each write
 * of the rate begins the samples anew. When to start, to seek or to rest is the
 * follower's. Twin of server/core/tracker.py.
 */

import { Playhead } from "./playhead.js";
import { RateController } from "./rate.js";
import { glidesS, slope } from "./timeline.js";

/** @import {Observation} from "./observation.js" */
/** @import {Sample} from "./samples.js" */
/** @import {Timeline} from "./timeline.js" */
/** @import {Tuning} from "./tuning.js" */

/** @typedef {{type: "setRate", rate: number}} SetRate */

// The latest frame and the player's own position are one jump if they agree within this.
const AGREES_S = 0.1;
// The room glides by so much at most, from one slope to the next.
const BEND = 0.025;

/** Measures and corrects one player, film after film. */
export class Tracker {
  #tuning;
  #rate;
  #playhead = new Playhead();
  #measurable = true;
  #slope = 1;

  /** @param {Tuning} tuning */
  constructor(tuning) {
    this.#tuning = tuning;
    this.#rate = new RateController(tuning);
  }

  // -- what it sees --------------------------------------------------------

  /**
   * Take in whether frames are reported; samples of another kind don't mix.
   * @param {boolean} measurable
   */
  notice(measurable) {
    if (measurable === this.#measurable) return;
    this.#measurable = measurable;
    this.#playhead.drop();
  }

  /**
   * Take in a presented frame, and the media clock as read with it.
   * @param {Sample} frame
   * @param {Sample | null} clock
   */
  frame(frame, clock) {
    if (!this.#measurable) return;
    this.#playhead.addFrame(frame, clock, this.#rate.written, this.#tuning.windowS);
  }

  /**
   * Take in the coarse position where nothing better is known.
   * @param {Observation} seen
   */
  look(seen) {
    if (this.#measurable) return;
    const reading = { instantS: seen.nowS, mediaTimeS: seen.positionS };
    this.#playhead.addClock(reading, this.#rate.written, this.#tuning.coarseWindowS);
  }

  /**
   * Measure anew: the player starts to move at an instant.
   * @param {number} fromS
   */
  begin(fromS) {
    this.#playhead.begin(fromS + this.#tuning.startBlindS);
  }

  /** Freeze the rate's memory: no error is known. */
  hold() {
    this.#rate.hold();
  }

  /** Drop all samples: the film is another. */
  forget() {
    this.#playhead.forget();
  }

  /** Forget when things were done: the clock is another. */
  forgetInstants() {
    this.#rate.forgetInstants();
    this.#playhead.forgetInstants();
  }

  // -- what that says --------------------------------------------------------

  /**
   * The error now, positive when ahead; null: not known yet.
   * @param {Observation} seen
   */
  errorS(seen) {
    return this.#over(this.#tuning.windowMinS, seen);
  }

  /**
   * The error at a glimpse, if it is large enough to be mended briskly.
   * @param {Observation} seen
   */
  youngErrorS(seen) {
    const errorS = this.#over(this.#tuning.glimpseS, seen);
    return errorS !== null && Math.abs(errorS) > this.#tuning.briskAboveS ? errorS : null;
  }

  /**
   * The error as a few samples give it, enough to tell that it is large. One frame is enough
   * where it is very far off and the player's position, read since, says the same: a page that
   * was stopped seeks at once, and a wild reading moves nothing.
   * @param {Observation} seen
   * @returns {number | null}
   */
  glimpseS(seen) {
    const errorS = this.#over(this.#tuning.glimpseS, seen);
    if (errorS !== null || !this.#measurable) return errorS;
    const shownS = this.#playhead.positionAt(seen.nowS, this.#rate.written);
    if (shownS === null) return null;
    if (Math.abs(shownS + this.#playhead.lagS - seen.positionS) > AGREES_S) return null;
    const offS = this.offLineS(seen);
    const joltS = this.#tuning.joltS * Math.max(1, slope(seen.timeline));
    return Math.abs(offS) > joltS ? offS : null;
  }

  /**
   * How far the player is from the timeline's line, by the latest sample.
   * @param {Observation} seen
   */
  offLineS(seen) {
    const { nowS, timeline } = seen;
    const positionS = this.#playhead.positionAt(nowS, this.#rate.written) ?? seen.positionS;
    return positionS - (timeline.position_s + (nowS - timeline.at_s) * slope(timeline));
  }

  /**
   * The instant at which the player passed a position; null: not known.
   * @param {number} positionS
   * @returns {number | null}
   */
  originS(positionS) {
    if (!this.#measurable) return null;
    return this.#playhead.originS(positionS, this.#rate.written, this.#tuning.glimpseS);
  }

  /** How much later than the media clock frames are shown, where that is not by its steps. */
  get displayLagS() {
    return this.#playhead.lagS;
  }

  /**
   * How far frames are ahead of the media clock; null: not known.
   * @returns {number | null}
   */
  frameLeadS() {
    if (!this.#measurable) return null;
    return this.#playhead.frameLeadS(this.#tuning.glimpseS);
  }

  /**
   * Whether rate has been given the time that it may take.
   * @param {number} nowS
   */
  spent(nowS) {
    return this.#rate.spent(nowS);
  }

  // -- the rate --------------------------------------------------------------

  /**
   * Give a player that stands still the rate it will start with. At once: a correction's rate
   * would else run on through the time after the start in which nothing is written.
   * @param {Observation} seen
   * @returns {SetRate | null}
   */
  prepare(seen) {
    this.#slope = this.#followed(seen.timeline);
    const rate = this.#rate.base(this.#slope);
    const write = this.#rate.write(rate, seen.nowS, seen.playbackRate ?? null, { urgent: true });
    return write ? { type: "setRate", rate } : null;
  }

  /**
   * Follow another speed of the timeline at once. Where the line is bent a little, since the room
   * glides, the correction under way goes on.
   * @param {Observation} seen
   */
  changeSpeed(seen) {
    const before = this.#slope;
    this.#slope = this.#followed(seen.timeline);
    const turn = Math.abs(this.#slope / before - 1);
    const bent = turn > 0 && turn <= BEND;
    const rate = bent
      ? this.#rate.bent(this.#slope, before, seen.timeline.rate)
      : this.#rate.base(this.#slope);
    return this.#written(rate, seen, true);
  }

  /**
   * Mend an error by rate, as far and as often as that may be.
   * @param {number} errorS
   * @param {Observation} seen
   * @param {boolean} brisk
   */
  correct(errorS, seen, brisk) {
    this.#slope = this.#followed(seen.timeline);
    const rate = this.#rate.wanted(errorS, this.#slope, seen.nowS, {
      speed: seen.timeline.rate,
      widen: this.#measurable ? 1 : this.#tuning.coarseWiden,
      muted: seen.muted ?? false,
      brisk,
    });
    return this.#written(rate, seen, false);
  }

  /** Whether the rate is one that mends an error. */
  get corrects() {
    const offBase = Math.abs(this.#rate.written - this.#rate.base(this.#slope));
    return offBase >= this.#tuning.writeStep;
  }

  /**
   * Write the rate again if somebody else has changed it.
   * @param {Observation} seen
   */
  keep(seen) {
    return this.#written(this.#rate.written, seen, false);
  }

  /**
   * The slope that its rate follows. A player whose rate is dear to write sits out a glide that
   * is no longer than its dead band: that leaves an error, and of several such in a row a seek;
   * two writes leave more.
   * @param {Timeline} timeline
   */
  #followed(timeline) {
    const { steadyLimit, deadBandInS } = this.#tuning;
    const follows = steadyLimit > 0 || glidesS(timeline) > deadBandInS;
    return follows ? slope(timeline) : timeline.rate;
  }

  /**
   * @param {number} rate
   * @param {Observation} seen
   * @param {boolean} urgent
   * @returns {SetRate | null}
   */
  #written(rate, seen, urgent) {
    const write = this.#rate.write(rate, seen.nowS, seen.playbackRate ?? null, { urgent });
    if (!write) return null;
    this.#playhead.restart(seen.nowS + this.#tuning.blindS);
    return { type: "setRate", rate };
  }

  /**
   * @param {number} spanS
   * @param {Observation} seen
   */
  #over(spanS, seen) {
    return this.#playhead.errorS(seen.timeline, seen.nowS, this.#rate.written, spanS);
  }
}
