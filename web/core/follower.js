// @ts-check
/**
 * Keeps one player in step with the room's timeline: a pure state machine.
 *
 * Owns the decisions: rest, align, or play on with a corrected rate. It reads
 * no clock and touches no player; an edge tells it what it sees and carries out
 * one command a step. How it rests is in `rest`, how it starts in `alignment`,
 * where it is and how its rate is corrected in `tracker`, when it may seek in
 * `seek_budget`, its constants in `tuning`; what is new at a look is in `changes`.
 * Twin of server/core/follower.py; tests/vectors/follower.json runs in both.
 */

import { Alignment } from "./alignment.js";
import { Changes } from "./changes.js";
import { Latencies } from "./latency.js";
import { Rest } from "./rest.js";
import { SeekBudget } from "./seek_budget.js";
import { positionAt, slope, straightened } from "./timeline.js";
import { Tracker } from "./tracker.js";

export { BROWSER, HOST_WINDOW } from "./tuning.js";

/** @import {Command, Observation, State, Status} from "./observation.js" */
/** @import {Tuning} from "./tuning.js" */

// play() takes effect within this, or it was refused.
const START_GRACE_S = 0.5;
const LEARN_START_WITHIN_S = 2;
const NEAR_END_S = 0.25;
// For so long after a start or a write the latest error may stand for the present one.
const ERROR_HOLDS_S = 1;

/**
 * Follows the timeline with one player, film after film: it learns how fast the
 * player is. Call `frame` for every presented frame, and `step` about 20 times a
 * second and at once on events; carry out what `step` returns before the next step.
 */
export class Follower {
  #tuning;
  #latencies;
  #alignment;
  #tracker;
  #seekBudget;
  #rest = new Rest();
  #changes = new Changes();
  /** @type {"resting" | "aligning" | "playing"} */
  #phase = "resting";
  #learningStart = false;
  #hasFilm = false;
  /** @type {State} */
  #state = "catching_up";
  /** @type {number | null} */
  #errorS = null;
  #judgedS = -1e9;

  /** @param {Tuning} tuning */
  constructor(tuning) {
    this.#tuning = tuning;
    this.#latencies = new Latencies(tuning);
    this.#alignment = new Alignment(tuning, this.#latencies);
    this.#tracker = new Tracker(tuning);
    this.#seekBudget = new SeekBudget(tuning);
  }

  /**
   * How it is doing, as of the latest step.
   * @returns {Status}
   */
  get status() {
    return {
      state: this.#state,
      errorMs: this.#errorS === null ? null : this.#errorS * 1000,
      startLatencyMs: this.#latencies.startS * 1000,
      seekLatencyMs: this.#latencies.seekS * 1000,
    };
  }

  /**
   * Take in a presented frame.
   * @param {number} mediaTimeS its presentation time stamp
   * @param {number} shownAtS server instant at which it is on screen
   * @param {number | null} [positionS] the media clock (`currentTime`) as read when the frame
   *   was reported; null: this player has none worth reading
   * @param {number} [readAtS] server instant of that reading
   */
  frame(mediaTimeS, shownAtS, positionS = null, readAtS = 0) {
    if (this.#phase !== "playing") return;
    const frame = { instantS: shownAtS, mediaTimeS };
    const clock = positionS === null ? null : { instantS: readAtS, mediaTimeS: positionS };
    this.#tracker.frame(frame, clock);
  }

  /**
   * Decide what the player does next.
   * @param {Observation} observed
   * @returns {Command | null} one command to carry out at once
   */
  step(observed) {
    const timeline = straightened(observed.timeline, observed.nowS);
    const seen = { ...observed, timeline };
    const news = this.#notice(seen);
    if (seen.timeline.item_id === null) {
      this.#phase = "resting";
      this.#state = "resting";
      this.#errorS = null;
      return null;
    }
    if (!seen.timeline.playing) return this.#restOn(seen, news.line);
    if (news.line || this.#phase === "resting") return this.#enter(seen);
    if (this.#phase === "aligning") return this.#align(seen);
    const command = news.slope ? this.#bend(seen) : null;
    return command ?? this.#track(seen);
  }

  /**
   * Take in what changed around the player.
   * @param {Observation} seen
   */
  #notice(seen) {
    const news = this.#changes.since(seen.timeline, seen.nowS);
    this.#tracker.notice(seen.measurable ?? true);
    if (news.film) this.beginFilm();
    this.#latencies.lagS = this.#tracker.displayLagS;
    if (seen.canPlay) this.#hasFilm = true;
    if (news.clock) this.#forgetInstants();
    this.#latencies.notice(seen.nowS, seen.paused && this.#hasFilm);
    return news;
  }

  #forgetInstants() {
    this.#latencies.forgetInstants();
    this.#alignment.forgetInstants();
    this.#tracker.forgetInstants();
    this.#seekBudget.forgetInstants();
    this.#rest.forgetInstants();
    this.#judgedS = -1e9;
  }

  /**
   * Forget what was played; how fast this player is holds for the next film too. Another film is
   * noticed by itself; the edge calls this when it loads the same one anew.
   */
  beginFilm() {
    this.#phase = "resting";
    this.#rest.begin(false);
    this.#alignment.abandon();
    this.#tracker.hold();
    this.#tracker.forget();
    this.#seekBudget.forgive();
    this.#learningStart = false;
    this.#hasFilm = false;
    this.#state = "catching_up";
    this.#errorS = null;
  }

  /**
   * Correct as boldly as at first: what made seeks fail may be over. The edge calls this when the
   * page is seen again, or its delay is another.
   */
  forgive() {
    this.#seekBudget.forgive();
  }

  /**
   * The edge sought by itself, since a person asked for that: no correction soon after it.
   * @param {number} nowS
   */
  sought(nowS) {
    this.#seekBudget.repeat(nowS);
  }

  /** A start was not made: the edge came to it too late, and plays nothing. */
  missedStart() {
    this.#alignment.missedStart();
  }

  // -- the timeline is paused --------------------------------------------

  /**
   * @param {Observation} seen
   * @param {boolean} fresh
   */
  #restOn(seen, fresh) {
    const { pending } = this.#alignment;
    if (fresh || this.#phase !== "resting") {
      this.#rest.begin(this.#phase === "playing");
      this.#alignment.abandon();
      this.#tracker.hold();
    }
    this.#phase = "resting";
    const command = this.#rest.step(seen, pending);
    this.#state = "catching_up";
    this.#errorS = null;
    if (this.#rest.settled) {
      this.#state = "resting";
      this.#errorS = seen.positionS - positionAt(seen.timeline, seen.nowS, seen.durationS);
    }
    return command ?? this.#tracker.prepare(seen);
  }

  // -- the timeline plays --------------------------------------------------

  /**
   * Begin to follow a playing timeline, or a change of one.
   * @param {Observation} seen
   * @returns {Command | null}
   */
  #enter(seen) {
    this.#seekBudget.forgive();
    if (seen.paused) {
      const { pending } = this.#alignment;
      let command = this.#alignment.resume(seen, true);
      if (command?.type === "seek") this.#seekBudget.obey(seen.nowS);
      if (command === null && pending) command = { type: "pause" };
      return this.#alignedBy(command, seen);
    }
    if (this.#phase !== "playing") this.#playOn(seen.nowS);
    if (Math.abs(this.#tracker.offLineS(seen)) > this.#seekBudget.boundS(how(seen))) {
      this.#seekBudget.obey(seen.nowS);
      return this.#alignedBy(this.#alignment.seek(seen), seen);
    }
    return this.#tracker.changeSpeed(seen);
  }

  /** @param {Observation} seen */
  #align(seen) {
    const command = this.#alignment.step(seen, this.#seekBudget.allowsRepeat(seen.nowS));
    if (command?.type === "seek") this.#seekBudget.repeat(seen.nowS);
    if (this.#alignment.stage === "started") {
      this.#seekBudget.moves();
      this.#playOn(Math.max(seen.nowS, this.#alignment.movesS));
      return this.#track(seen);
    }
    if (this.#alignment.starved(seen)) this.#state = "buffering";
    return this.#alignedBy(command, seen);
  }

  /**
   * @param {Command | null} command
   * @param {Observation} seen
   */
  #alignedBy(command, seen) {
    this.#phase = "aligning";
    this.#tracker.hold();
    if (command?.type === "start") this.#learningStart = true;
    this.#errorS = null;
    const waitsWithAll = seen.nowS < seen.timeline.at_s && command?.type !== "seek";
    if (this.#alignment.stage === "parked") this.#state = "resting";
    else if (!waitsWithAll && this.#state !== "buffering") this.#state = "catching_up";
    return command ?? this.#tracker.prepare(seen);
  }

  /** @param {number} fromS */
  #playOn(fromS) {
    this.#phase = "playing";
    if (this.#state === "resting") this.#state = "catching_up";
    this.#tracker.begin(fromS);
  }

  // -- the player plays ----------------------------------------------------

  /**
   * Follow with a playing player.
   * @param {Observation} seen
   * @returns {Command | null}
   */
  #track(seen) {
    const { nowS } = seen;
    if (seen.paused) return this.#startAgain(seen);
    const nearEnd = seen.durationS !== null && seen.positionS > seen.durationS - NEAR_END_S;
    if ((seen.seeking || !seen.canPlay) && !nearEnd) {
      this.#state = "buffering";
      this.#errorS = null;
      this.#learningStart = false;
      this.#tracker.hold();
      this.#tracker.begin(nowS);
      return null;
    }
    this.#tracker.look(seen);
    const brisk = this.#isBrisk(seen);
    const errorS = this.#tracker.errorS(seen) ?? (brisk ? this.#tracker.youngErrorS(seen) : null);
    if (errorS !== null) this.#judge(errorS, nowS);
    else if (nowS - this.#judgedS > ERROR_HOLDS_S) {
      this.#state = "catching_up";
      this.#errorS = null;
    }
    // What is far off shows at a glimpse; what is nearly right takes a longer look.
    const glimpsedS = errorS ?? this.#tracker.glimpseS(seen);
    if (glimpsedS !== null) {
      this.#learnStart(nowS);
      if (this.#needsSeek(glimpsedS, seen)) {
        this.#seekBudget.spend(nowS);
        return this.#alignedBy(this.#alignment.seek(seen), seen);
      }
    }
    if (errorS === null) return this.#tracker.keep(seen);
    const near = Math.abs(errorS) <= this.#tuning.settleEscapeS;
    if (near && this.#settles(nowS) && !this.#tracker.corrects) return this.#tracker.keep(seen);
    return this.#tracker.correct(errorS, seen, brisk);
  }

  /**
   * Follow a line that only goes on at another slope: no reason to seek, nor to seek anew. Who is
   * left alone for now is not disturbed by this either; what it makes is mended after.
   * @param {Observation} seen
   */
  #bend(seen) {
    return this.#settles(seen.nowS) ? null : this.#tracker.changeSpeed(seen);
  }

  /**
   * Whether it started so lately that an error is best mended at once. At another speed a write
   * of the rate costs more than it mends.
   * @param {Observation} seen
   */
  #isBrisk(seen) {
    const young = seen.nowS - this.#alignment.movesS < this.#tuning.briskS;
    return young && seen.timeline.rate === 1 && (seen.measurable ?? true);
  }

  /**
   * Whether it started so lately that it is left alone.
   * @param {number} nowS
   */
  #settles(nowS) {
    return nowS - this.#alignment.startS < this.#tuning.settleS;
  }

  /**
   * @param {number} errorS
   * @param {Observation} seen
   */
  #needsSeek(errorS, seen) {
    const recoverySpent = this.#tracker.spent(seen.nowS);
    const beyondRate = this.#seekBudget.callsForSeek(errorS, { ...how(seen), recoverySpent });
    return beyondRate && this.#seekBudget.allows(seen.nowS);
  }

  /**
   * Deal with a player that was paused by its user, or never began.
   * @param {Observation} seen
   * @returns {Command | null}
   */
  #startAgain(seen) {
    if (seen.nowS - this.#alignment.startS < START_GRACE_S) return null;
    this.#alignment.abandon();
    const command = this.#alignment.resume(seen, this.#seekBudget.allows(seen.nowS));
    if (command?.type === "seek") this.#seekBudget.spend(seen.nowS);
    return this.#alignedBy(command, seen);
  }

  /**
   * @param {number} errorS
   * @param {number} nowS
   */
  #judge(errorS, nowS) {
    this.#errorS = errorS;
    this.#judgedS = nowS;
    const inSync = Math.abs(errorS) <= this.#tuning.inSyncS;
    this.#state = inSync ? "in_sync" : "catching_up";
    if (inSync) this.#seekBudget.inSync(nowS);
  }

  /** @param {number} nowS */
  #learnStart(nowS) {
    if (!this.#learningStart) return;
    this.#learningStart = false;
    const { startS, startFromS } = this.#alignment;
    if (nowS - startS > LEARN_START_WITHIN_S) return;
    const originS = this.#tracker.originS(startFromS);
    if (originS === null) return;
    this.#latencies.startTook(originS - startS);
    this.#latencies.framesLed(this.#tracker.frameLeadS());
  }
}

/**
 * What decides how much a seek may be worth.
 * @param {Observation} seen
 */
function how(seen) {
  const speed = slope(seen.timeline);
  return { muted: seen.muted ?? false, measurable: seen.measurable ?? true, speed };
}
