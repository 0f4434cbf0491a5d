// @ts-check
/**
 * The way of a paused player to a timed start at the right place.
 *
 * Owns the plan: seek to where the timeline will be, wait for data, start so
 * that media and timeline meet. It does not judge a playing player (follower),
 * and does not limit how often it is asked to seek. Twin of
 * server/core/alignment.py.
 */

import { frameMiddle, instantOf, positionAt } from "./timeline.js";

/** @import {Command, Observation} from "./observation.js" */
/** @import {Latencies} from "./latency.js" */
/** @import {Tuning} from "./tuning.js" */

// A player may sit within this of the line's start and still simply start.
const IN_PLACE_S = 0.05;
// A seek lands where it was told to; coarse positions differ by less than this.
const NEAR_PLAN_S = 0.25;
// A seek to what is buffered needs so much of it to go on.
const AHEAD_S = 0.1;
// Files end where their longest track does; elements stop at or before it.
const NEAR_END_S = 0.25;
const ENDING_S = 1;
const PAUSE_GRACE_S = 0.25;
const WAITS_S = 1;

/**
 * How far an alignment has come; parked is at the film's end.
 * @typedef {"seeking" | "starting" | "started" | "parked"} Stage
 */

/** One player's latest alignment. */
export class Alignment {
  #tuning;
  #latencies;
  /** @type {number | null} */
  #placeS = null;
  #soughtS = -1e9;
  #timingSeek = false;
  #loads = false;
  /** @type {Stage} */
  #stage = "started";
  #startS = -1e9;
  #startFromS = 0;
  #movesS = -1e9;

  /**
   * @param {Tuning} tuning
   * @param {Latencies} latencies
   */
  constructor(tuning, latencies) {
    this.#tuning = tuning;
    this.#latencies = latencies;
  }

  get stage() {
    return this.#stage;
  }

  /** Instant at which play() is, or was, due. */
  get startS() {
    return this.#startS;
  }

  /** Media time from which it starts. */
  get startFromS() {
    return this.#startFromS;
  }

  /** Instant at which media is expected to move. */
  get movesS() {
    return this.#movesS;
  }

  /** Whether a start was commanded that may not have been made yet. */
  get pending() {
    return this.#stage === "starting";
  }

  /**
   * Whether it has waited for data longer than a seek takes.
   * @param {Observation} seen
   */
  starved(seen) {
    if (this.#stage !== "seeking") return false;
    return (seen.seeking || !seen.canPlay) && seen.nowS - this.#soughtS > WAITS_S;
  }

  /**
   * Plan anew: to where the timeline will be once the player can be there.
   * @param {Observation} seen
   * @returns {Command}
   */
  seek(seen) {
    let placeS = this.#reachedS(seen, false);
    this.#loads = !has(seen, placeS);
    if (this.#loads) {
      placeS = this.#reachedS(seen, true);
      const longerS = reachedAfterS(seen, this.#latencies.longLeadS);
      if (longerS < (seen.durationS ?? Infinity) - ENDING_S) placeS = Math.max(placeS, longerS);
    }
    this.#stage = "seeking";
    if (seen.durationS !== null) {
      const lastS = frameMiddle(seen.durationS, seen.frameRate, seen.durationS);
      if (placeS >= lastS) {
        placeS = lastS;
        this.#stage = "parked";
      }
    }
    this.#placeS = placeS;
    this.#soughtS = seen.nowS;
    this.#timingSeek = true;
    return { type: "seek", positionS: placeS };
  }

  /**
   * Decide how a paused player gets going: from where it is if that is soon
   * due, or due lately enough to be mended by rate; else by a seek; else, if it
   * may not seek, late rather than not at all.
   * @param {Observation} seen
   * @param {boolean} maySeek
   * @returns {Command | null}
   */
  resume(seen, maySeek) {
    const placeS = this.#where(seen);
    if (atEnd(placeS, seen)) {
      this.#stage = "parked";
      return null;
    }
    const { nowS, timeline } = seen;
    const dueS = instantOf(timeline, placeS);
    const lateS = nowS + this.#latencies.headStartS - dueS;
    const usualS = this.#latencies.alignLeadS(this.#loads);
    const leadS = this.#loads ? Math.max(usualS, this.#latencies.longLeadS) : usualS;
    const latestS = Math.max(timeline.at_s, nowS + leadS) + IN_PLACE_S;
    const soon = timeline.at_s - IN_PLACE_S <= dueS && dueS <= latestS;
    const sought = this.stage === "seeking";
    const bearableS = sought ? this.#tuning.lateSeekS : this.#tuning.lateStartS;
    if ((!soon || lateS > bearableS) && maySeek) return this.seek(seen);
    const tooEarly = !soon && (dueS > latestS || nowS < timeline.at_s);
    if (tooEarly || seen.seeking || !seen.canPlay) {
      if (this.#stage !== "seeking") this.#waitHere(nowS);
      return null;
    }
    this.#stage = "starting";
    this.#startS = soon ? Math.max(dueS - this.#latencies.headStartS, nowS) : nowS;
    this.#startFromS = placeS;
    this.#movesS = this.#startS + this.#latencies.startS;
    this.#latencies.starts();
    return { type: "start", atS: this.#startS };
  }

  /**
   * Carry the plan on.
   * @param {Observation} seen
   * @param {boolean} maySeek
   * @returns {Command | null}
   */
  step(seen, maySeek) {
    if (this.#stage === "starting" && seen.nowS >= this.#startS) this.#stage = "started";
    if (this.#stage === "parked" && !this.#ends(seen)) return this.resume(seen, maySeek);
    if (this.#stage !== "seeking") return null;
    if (!seen.paused) {
      // The edge pauses before it seeks; whoever plays on regardless is judged
      // as a playing player.
      if (seen.nowS - this.#soughtS > PAUSE_GRACE_S) this.abandon();
      return null;
    }
    if (seen.seeking || !seen.canPlay) return null;
    if (this.#timingSeek) {
      this.#timingSeek = false;
      this.#latencies.seekTook(seen.nowS - this.#soughtS, this.#loads);
    }
    return this.resume(seen, maySeek);
  }

  /** Drop the plan: the player plays already, or rests. */
  abandon() {
    this.#stage = "started";
    this.#placeS = null;
    this.#timingSeek = false;
  }

  /** Count a start as long ago: nobody waits for what it does. */
  missedStart() {
    this.#startS = -1e9;
    this.#movesS = -1e9;
  }

  /** Forget when things were done: the clock is another. */
  forgetInstants() {
    this.#soughtS = -1e9;
    this.missedStart();
    this.#timingSeek = false;
  }

  /**
   * Whether the film is still over by the time that a seek could be.
   * @param {Observation} seen
   */
  #ends(seen) {
    if (seen.durationS === null) return false;
    return this.#reachedS(seen, this.#loads) >= seen.durationS - ENDING_S;
  }

  /**
   * Where the timeline will be after a seek.
   * @param {Observation} seen
   * @param {boolean} loads
   */
  #reachedS(seen, loads) {
    return reachedAfterS(seen, this.#latencies.alignLeadS(loads));
  }

  /** @param {number} nowS */
  #waitHere(nowS) {
    this.#stage = "seeking";
    this.#placeS = null;
    this.#soughtS = nowS;
    this.#timingSeek = false;
  }

  /** @param {Observation} seen */
  #where(seen) {
    const placeS = this.#placeS;
    if (this.#stage !== "seeking" || placeS === null) return seen.positionS;
    return Math.abs(seen.positionS - placeS) <= NEAR_PLAN_S ? placeS : seen.positionS;
  }
}

/**
 * @param {Observation} seen
 * @param {number} leadS
 */
function reachedAfterS({ timeline, nowS, durationS }, leadS) {
  return positionAt(timeline, Math.max(timeline.at_s, nowS + leadS), durationS);
}

/**
 * Whether the player has what it needs to go on from a place.
 * @param {Observation} seen
 * @param {number} placeS
 */
function has({ buffered, durationS }, placeS) {
  if (!buffered) return true;
  const neededS = Math.min(placeS + AHEAD_S, (durationS ?? Infinity) - NEAR_END_S);
  return buffered.some(([fromS, toS]) => fromS <= placeS && neededS <= toS);
}

/**
 * Whether player and timeline are at the end, where play() would rewind.
 * @param {number} placeS
 * @param {Observation} seen
 */
function atEnd(placeS, seen) {
  if (seen.durationS === null || placeS < seen.durationS - NEAR_END_S) return false;
  return positionAt(seen.timeline, seen.nowS, seen.durationS) >= seen.durationS - ENDING_S;
}
