// @ts-check
/**
 * Where the frames stand against the timeline, if always at the same place.
 *
 * On a display that shows a film at every second or third refresh only, frames are early or late
 * by the same for as long as it plays, whatever the media clock does. The server is told, and may
 * move the room a little (server/core/cadence.py). Owns the latest second of frames.
 */

import { positionAt } from "./timeline.js";

/** @import {Timeline} from "./timeline.js" */

const SPAN_S = 1;
// Of a film of 24 frames at half speed there are 12 a second.
const LEAST_FRAMES = 10;
// A second of frames from which so many are missing says nothing.
const GAP_S = 0.25;
// A refresh that was missed now and then is no other cadence.
const STEADY_S = 0.002;
const STEADY_SHARE = 0.8;

export class Cadence {
  /** @type {{atS: number, offS: number}[]} */
  #frames = [];
  #revision = -1;

  /**
   * Take in a presented frame.
   * @param {number} mediaTimeS
   * @param {number} shownAtS server instant at which it is on screen
   * @param {Timeline} timeline
   */
  frame(mediaTimeS, shownAtS, timeline) {
    const last = this.#frames.at(-1);
    const broken = last !== undefined && Math.abs(shownAtS - last.atS) > GAP_S;
    if (timeline.revision !== this.#revision || broken) this.#frames = [];
    this.#revision = timeline.revision;
    if (!timeline.playing || shownAtS < timeline.at_s) return;
    const dueS = positionAt(timeline, shownAtS, null);
    this.#frames.push({ atS: shownAtS, offS: mediaTimeS - dueS });
    while (this.#frames[0].atS < shownAtS - SPAN_S) this.#frames.shift();
  }

  /**
   * Media time shown less timeline, milliseconds; null: not always the same, or not known yet.
   * @returns {number | null}
   */
  get framesMs() {
    const first = this.#frames.at(0);
    const last = this.#frames.at(-1);
    if (!first || !last || this.#frames.length < LEAST_FRAMES) return null;
    if (last.atS - first.atS < SPAN_S - GAP_S) return null;
    const offsS = this.#frames.map(({ offS }) => offS).sort((a, b) => a - b);
    const middleS = offsS[offsS.length >> 1];
    const steady = offsS.filter((offS) => Math.abs(offS - middleS) <= STEADY_S);
    return steady.length >= STEADY_SHARE * offsS.length ? middleS * 1000 : null;
  }
}
