// @ts-check
/**
 * What is new since a follower's last look: a film, a line, its slope, a clock.
 *
 * Owns the comparison only. Twin of server/core/changes.py.
 */

import { goesOn, slope } from "./timeline.js";

/** @import {Timeline} from "./timeline.js" */

// Nobody corrects a clock back by so much but one that begins again, or was wrong.
const RAN_BACK_S = 1;

/**
 * What a look has found.
 * @typedef {object} News
 * @property {boolean} film the film is another one
 * @property {boolean} clock the clock is another one: instants that were kept are of no worth any
 *   more. The server's machine was started anew, or slept while this clock ran on. An instant that
 *   lies in the future would forbid what must not follow it too soon until it has come
 * @property {boolean} line what is followed is another line...
 * @property {boolean} slope ...or the same, going on at another slope
 */

/** The latest look of one follower. */
export class Changes {
  /** @type {Timeline | null} */
  #line = null;
  #nowS = -1e9;

  /**
   * Compare with the look before, and keep this one.
   * @param {Timeline} line the timeline that is followed
   * @param {number} nowS the present, on the server's clock
   * @returns {News}
   */
  since(line, nowS) {
    const before = this.#line;
    const clock = nowS < this.#nowS - RAN_BACK_S;
    this.#line = line;
    this.#nowS = nowS;
    if (before === null) return { film: true, clock, line: true, slope: false };
    const film = line.item_id !== before.item_id;
    const other = film || line.revision !== before.revision || line.at_s !== before.at_s;
    const goesOnThere = other && !clock && goesOn(before, line);
    return {
      film,
      clock,
      line: clock || (other && !goesOnThere),
      slope: goesOnThere && slope(line) !== slope(before),
    };
  }
}
