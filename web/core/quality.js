// @ts-check
/**
 * Which quality of a film suits this guest's network: what may be chosen, and the automatic
 * choice, which goes down soon when the film stalls and up seldom. Pure: time is an argument.
 * What each quality looks like is the host's affair.
 */

/** @typedef {"original" | "1080" | "720" | "480" | "audio"} Quality */
/** @typedef {"auto" | Quality} QualityChoice */

/** From the best to the thriftiest. */
export const QUALITIES = Object.freeze(/** @type {Quality[]} */ ([
  "original", "1080", "720", "480", "audio",
]));

/** @type {Readonly<Record<QualityChoice, string>>} */
const WORDS = Object.freeze({
  auto: "Automatic", original: "Original", 1080: "1080p", 720: "720p", 480: "480p", audio: "Audio only",
});

/** @param {QualityChoice} choice */
export function qualityWords(choice) {
  return WORDS[choice];
}

/**
 * @param {unknown} value as remembered, or as a message says it
 * @returns {value is QualityChoice}
 */
export function isChoice(value) {
  return typeof value === "string" && Object.hasOwn(WORDS, value);
}

// How the automatic choice behaves. No measurement chose these: they keep a stall that happens
// once (a door of a microwave oven) from costing sharpness, and a second one from happening.
/** Waiting for data that long is a stall, seconds. */
const STALL_S = 1;
/** A film that begins, was moved, or comes in another quality has so long to fill its buffer, seconds. */
const GRACE_S = 8;
/** So many stalls within... */
const STALLS = 2;
/** ...that long, or one of... */
const STALLS_WITHIN_S = 60;
/** ...that length, call for less, seconds. */
const LONG_STALL_S = 8;
/** With less than this much buffered, data that comes slower than it plays calls for less at once. */
const LOW_BUFFER_S = 6;
const BARELY = 1.1;
/** Without a stall for so long, more is tried; twice as long after each try that failed, seconds. */
const CALM_S = 180;
const MOST_PATIENCE = 8;
/** More is tried only where data comes so much faster than it plays. */
const AMPLE = 3;
/** A step up has failed if the film stalls within this time, seconds. */
const PROBATION_S = 60;
/** What the network brought so long ago says nothing of the next film, seconds. */
const REMEMBERED_S = 300;

/**
 * How playing goes just now.
 * @typedef {object} Health
 * @property {number} nowS
 * @property {boolean} starving whether the film waits for data though the room plays
 * @property {number} undisturbedS how long ago the film was begun or moved, seconds
 * @property {number | null} ratio how much faster data comes than it plays; null where unknown
 * @property {boolean} current whether that is of the data that comes just now, and not of before the film
 *   was begun or moved
 * @property {number} aheadS how much is buffered ahead, seconds
 * @property {number | null} bitsPerS what the network brought lately; null where unknown
 */

/** The automatic choice: for one film, and from what quality the next one begins. */
export class AutomaticQuality {
  /** @type {Quality} */
  #rung = "original";
  /** @type {readonly Quality[]} */
  #ladder = [];
  /** @type {number[]} */
  #stalls = [];
  #starvingSinceS = NaN;
  #counted = false;
  #calmSinceS = NaN;
  #roseS = -Infinity;
  #changedS = -Infinity;
  #patience = 1;
  /** @type {number | null} */
  #bitsPerS = null;
  #measuredS = -Infinity;
  /** @type {number | null} */
  #limit = null;

  /** The quality that suits at the moment. */
  get rung() {
    return this.#rung;
  }

  /**
   * The bits a second within which the host is to choose for a film that begins, from `rung` down;
   * null where nothing limits it.
   */
  get limit() {
    return this.#limit;
  }

  /**
   * Another film: nothing is known of it. Of the network something is where the one before had
   * to do with less.
   * @param {number} nowS
   */
  begin(nowS) {
    const lowered = this.#ladder.indexOf(this.#rung) > 0;
    this.#limit = lowered && nowS - this.#measuredS < REMEMBERED_S ? this.#bitsPerS : null;
    this.#rung = "original";
    this.#ladder = [];
    this.#patience = 1;
    this.#roseS = -Infinity;
    this.#changedS = -Infinity;
    this.#settle(NaN);
  }

  /** What was seen so far, of stalls and calm, counts no more. */
  settle() {
    this.#settle(NaN);
  }

  /**
   * What the host offers of this film. Sound alone is never chosen automatically.
   * @param {readonly Quality[]} ladder from the best to the thriftiest
   * @param {Quality | ""} given what it gave within the limit; empty: it was not asked to choose
   */
  offer(ladder, given) {
    this.#ladder = ladder.filter((quality) => quality !== "audio");
    if (this.#limit !== null && given) this.#rung = given;
  }

  /**
   * Take a look, a few times a second.
   * @param {Health} health
   * @returns {Quality | null} a quality to change to
   */
  look({ nowS, starving, undisturbedS, ratio, current, aheadS, bitsPerS }) {
    if (bitsPerS !== null && bitsPerS !== this.#bitsPerS) {
      this.#bitsPerS = bitsPerS;
      this.#measuredS = nowS;
    }
    if (Number.isNaN(this.#calmSinceS)) this.#calmSinceS = nowS;
    const stalledS = this.#stalledS(nowS, starving);
    const running = ratio !== null && ratio < BARELY && aheadS < LOW_BUFFER_S;
    // The other quality comes only once the host has answered: until then all is as it was.
    const changed = nowS - this.#changedS < GRACE_S;
    if (running && current && !changed) return this.#step(1, nowS);
    if (changed || undisturbedS < GRACE_S) {
      this.#starvingSinceS = NaN;
      return null;
    }
    if (stalledS >= STALL_S && !this.#counted) {
      this.#counted = true;
      this.#calmSinceS = nowS;
      this.#stalls = [...this.#stalls.filter((at) => nowS - at < STALLS_WITHIN_S), nowS];
    }
    const often = this.#stalls.length >= STALLS;
    if (often || stalledS >= LONG_STALL_S || running) return this.#step(1, nowS);
    const calm = nowS - this.#calmSinceS >= CALM_S * this.#patience;
    return calm && (ratio === null || ratio >= AMPLE) ? this.#step(-1, nowS) : null;
  }

  /**
   * @param {number} nowS
   * @param {boolean} starving
   */
  #stalledS(nowS, starving) {
    if (!starving) {
      this.#starvingSinceS = NaN;
      this.#counted = false;
      return 0;
    }
    if (Number.isNaN(this.#starvingSinceS)) this.#starvingSinceS = nowS;
    return nowS - this.#starvingSinceS;
  }

  /**
   * @param {1 | -1} down
   * @param {number} nowS
   * @returns {Quality | null}
   */
  #step(down, nowS) {
    this.#settle(nowS);
    // Of a film that is too large to be converted as it is, "original" is the first that there is.
    const at = Math.max(0, this.#ladder.indexOf(this.#rung));
    const rung = this.#ladder[at + down];
    if (!rung) return null;
    this.#changedS = nowS;
    if (down === -1) this.#roseS = nowS;
    else if (nowS - this.#roseS < PROBATION_S) this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
    this.#rung = rung;
    this.#limit = null;
    return rung;
  }

  /** @param {number} nowS */
  #settle(nowS) {
    this.#stalls = [];
    this.#starvingSinceS = NaN;
    this.#counted = false;
    this.#calmSinceS = nowS;
  }
}
