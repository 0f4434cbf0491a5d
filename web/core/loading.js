// @ts-check
/**
 * How much faster a film comes than it plays where the browser itself reads its file, from how
 * what is buffered grows. Pure: time is an argument.
 *
 * A browser whose buffer is full reads no more for a while, and says nothing by that of the
 * network: only stretches count in which it reads all the time, in the same state and at the
 * same place. Measured in Chromium 150 and Firefox 140 at 0.66 of a film's rate: both grew at
 * that rate, in steps of up to 0.6 s, and never ceased to read; with enough network both do
 * after filling up, and Chromium then reads some 2 MB at a time.
 */

/** Known once it came for so long, seconds. */
const MEASURED_S = 3;
/** What came so long ago counts no more, seconds. */
const WINDOW_S = 10;
/** Nothing at all for so long is no thin network but none, for now: stalls tell of that, seconds. */
const GAP_S = 2;
/**
 * So close to the speed at which it plays, it may be the player that takes no more: of the first
 * hundredth of a file, and where bytes are spread unevenly, Chromium may tell only what it has
 * taken apart, which is some 2 s; it grows in steps, and the follower plays a little faster or slower.
 */
const SAME = 0.2;

/**
 * @typedef {object} Progress
 * @property {number} nowS
 * @property {boolean} reading whether the browser reads on, and has something around the playhead
 * @property {boolean} resting whether it is paused
 * @property {number} rate the room's speed
 * @property {number} untilS up to where it is buffered from the playhead on, media time
 */

export class Loading {
  /** When it grew, and up to where. @type {{atS: number, untilS: number}[]} */
  #growth = [];
  #untilS = NaN;
  #grownS = NaN;
  #resting = false;
  #rate = 1;

  /** Null while nothing is known. */
  get ratio() {
    const [first] = this.#growth;
    const last = this.#growth[this.#growth.length - 1];
    if (!first || !last || last.atS - first.atS < MEASURED_S) return null;
    const ratio = (last.untilS - first.untilS) / (last.atS - first.atS) / this.#rate;
    return !this.#resting && Math.abs(ratio - 1) < SAME ? null : ratio;
  }

  /** Take a look, many times a second. @param {Progress} progress */
  look({ nowS, reading, resting, rate, untilS }) {
    const goesOn = reading && resting === this.#resting && rate === this.#rate;
    if (!goesOn || !(untilS >= this.#untilS) || !(nowS - this.#grownS <= GAP_S)) {
      this.#growth = [];
      this.#grownS = nowS;
    } else if (untilS > this.#untilS) {
      this.#growth = [...this.#growth.filter(({ atS }) => nowS - atS < WINDOW_S), { atS: nowS, untilS }];
      this.#grownS = nowS;
    }
    this.#resting = resting;
    this.#rate = rate;
    this.#untilS = untilS;
  }
}
