// @ts-check
/**
 * How long this player takes to seek and to start, learned from what it did.
 *
 * Owns the running estimates and the lead they call for. What differs like two players is learned
 * apart: a seek to what is buffered and one that has to load; a start while the way to the
 * speakers is open and one that opens it (docs/decisions/0017). Twin of server/core/latency.py.
 */

/** @import {Tuning} from "./tuning.js" */

const SEEK_UP = 0.5;
const SEEK_DOWN = 0.25;
// So many seeks count fully: what was believed before them is a guess.
const SEEKS_GUESSED = 3;
const SEEK_CAP_S = 1;
const SEEK_SPREAD = 1.5;
// What had to be made first took seconds; a plan for less comes late again and again.
const LONGEST_WAIT_S = 8;
const STARTS_KEPT = 6;
const GUESS_AND_FIRST = 2;
// What a first start alone moves.
const FIRST_S = 0.03;
// A Chromium's starts spread over one buffer of sound, 21 ms. What is further off was an accident.
const STRAY_S = 0.025;
// Who takes longer is less even: two starts of a quarter of a second, 30 ms apart, agree as well.
const STRAY_SHARE = 0.25;
const LEAD_GAIN = 0.5;
// Half a frame at 30 a second: further off the media clock frames don't stay.
const FALLEN_S = 1 / 60;

/** Learned latencies of one player, in seconds. */
export class Latencies {
  #tuning;
  #buffered;
  #loading;
  #awake;
  #asleep;
  /** @type {number | null} */
  #silentSinceS = null;
  #next;
  #latest;
  #hasStarted = false;
  /** How much later than its media clock the display shows frames, as the tracker found. */
  lagS = 0;
  #longWaitS = 0;

  /** @param {Tuning} tuning */
  constructor(tuning) {
    this.#tuning = tuning;
    this.#buffered = new Seeks(tuning.seekLatencyS);
    this.#loading = new Seeks(tuning.seekLatencyS);
    this.#awake = new Starts(tuning.startLatencyS, tuning.frameLeadS);
    this.#asleep = new Starts(tuning.wakingLatencyS, 0);
    this.#next = this.#latest = this.#awake;
  }

  /**
   * From a seek to data that can play, where it is buffered: no longer than where it has to be
   * loaded, which is all that a newcomer has learned.
   */
  get seekS() {
    const { latencyS } = this.#buffered;
    return this.#loading.known ? Math.min(latencyS, this.#loading.latencyS) : latencyS;
  }

  /** From play() to moving media, if it were called now. */
  get startS() {
    return this.#next.latencyS;
  }

  /**
   * How far ahead of its media clock a start leaves the frames, where they stay. Nothing at a
   * page's first one, which leaves them where they belong.
   */
  get #leadS() {
    if (!this.#hasStarted) return 0;
    const boundS = this.#tuning.frameLeadMaxS;
    return Math.min(Math.max(this.#next.leadS, -boundS), boundS);
  }

  /** How long before a media time is due play() is called, for its frames to be in time. */
  get headStartS() {
    return this.startS - this.#leadS + this.lagS;
  }

  /**
   * Time to plan for a seek and a start; 0.35 s in a browser at first.
   * @param {boolean} loads whether the seek leaves what is buffered
   */
  alignLeadS(loads) {
    const seekS = loads ? Math.max(this.#loading.latencyS, this.seekS) : this.seekS;
    const leadS = SEEK_SPREAD * seekS + this.startS + Math.max(0, this.lagS);
    return Math.min(leadS + this.#tuning.alignMarginS, this.#tuning.alignLeadMaxS);
  }

  /** The same where the latest wait for something to be loaded was a long one; else 0. */
  get longLeadS() {
    return SEEK_SPREAD * this.#longWaitS;
  }

  /**
   * Take in whether the player has a film and rests. Its way to the speakers stays open for a
   * while after it has played or loaded a film.
   * @param {number} nowS
   * @param {boolean} silent whether it does
   */
  notice(nowS, silent) {
    if (!silent || this.#silentSinceS === null) this.#silentSinceS = nowS;
    const sleepsS = this.#tuning.soundSleepsS;
    const asleep = sleepsS > 0 && nowS - this.#silentSinceS > sleepsS;
    this.#next = asleep ? this.#asleep : this.#awake;
  }

  /** Forget since when it rests: the clock is another. */
  forgetInstants() {
    this.#silentSinceS = null;
  }

  /** Begin to learn: play() is called as the present plan says. */
  starts() {
    this.#latest = this.#next;
  }

  /**
   * Learn from a seek: fast upwards, since late costs more than early.
   * @param {number} latencyS of all together, one counts for a second at most; by itself, a longer one
   *   counts in full until the next time that something is loaded
   * @param {boolean} loads whether it left what was buffered
   */
  seekTook(latencyS, loads) {
    if (loads) this.#longWaitS = latencyS > SEEK_CAP_S ? Math.min(latencyS, LONGEST_WAIT_S) : 0;
    const capped = Math.min(Math.max(latencyS, 0), SEEK_CAP_S);
    (loads ? this.#loading : this.#buffered).took(capped);
  }

  /**
   * Learn from the latest start.
   * @param {number} latencyS
   */
  startTook(latencyS) {
    this.#latest.took(Math.min(Math.max(latencyS, 0), this.#tuning.startLatencyMaxS));
  }

  /**
   * Learn from the frames after the latest start; not from a page's first one, nor from frames
   * that have fallen over since.
   * @param {number | null} leadS how far they are ahead of the media clock; null: not known
   */
  framesLed(leadS) {
    if (this.#hasStarted && leadS !== null && Math.abs(leadS) < FALLEN_S) this.#latest.led(leadS);
    this.#hasStarted = true;
  }
}

/** The seeks of one kind. */
class Seeks {
  #learned = 0;

  /** @param {number} guessS */
  constructor(guessS) {
    this.latencyS = guessS;
  }

  /** Whether any was seen. */
  get known() {
    return this.#learned > 0;
  }

  /** @param {number} latencyS */
  took(latencyS) {
    const early = this.#learned < SEEKS_GUESSED;
    const gain = early || latencyS > this.latencyS ? SEEK_UP : SEEK_DOWN;
    this.latencyS += gain * (latencyS - this.latencyS);
    this.#learned += 1;
  }
}

/** The latest starts of one kind. */
class Starts {
  #latenciesS;

  /**
   * @param {number} guessS
   * @param {number} leadS
   */
  constructor(guessS, leadS) {
    this.#latenciesS = [guessS];
    this.leadS = leadS;
  }

  /**
   * The mean of the most that are alike; of the guess and the first one, within a bound. So one
   * start of a busy machine moves no later one, and two that agree show that the guess was wrong.
   * Of as many, the earlier ones are believed: accidents are late.
   */
  get latencyS() {
    const all = this.#latenciesS;
    if (all.length === GUESS_AND_FIRST) {
      const [guessS, firstS] = all;
      return guessS + Math.min(Math.max((firstS - guessS) / 2, -FIRST_S), FIRST_S);
    }
    /** @param {number} latencyS */
    const like = (latencyS) => {
      const strayS = Math.max(STRAY_S, STRAY_SHARE * latencyS);
      return all.filter((s) => Math.abs(s - latencyS) <= strayS);
    };
    const kinds = [...all].sort((a, b) => a - b).map(like);
    return mean(kinds.reduce((most, kind) => (kind.length > most.length ? kind : most)));
  }

  /** @param {number} latencyS */
  took(latencyS) {
    this.#latenciesS.push(latencyS);
    if (this.#latenciesS.length > STARTS_KEPT) this.#latenciesS.shift();
  }

  /** @param {number} leadS */
  led(leadS) {
    this.leadS += LEAD_GAIN * (leadS - this.leadS);
  }
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
