// @ts-check
/**
 * The rule of the demonstration of 2010 that Matinee grew from: the leader's page sends its
 * `currentTime` at each of its `timeupdate`s; a follower adds a second for the lag, and seeks
 * where that is more than five seconds from its own. A pause carries the place to rest at.
 *
 * The leader here is an ideal one: always exactly on the timeline, its messages there at once.
 */
import { positionAt } from "../../../../web/core/timeline.js";

const LAG_S = 1;
const TOLERANCE_S = 5;
/** Browsers fire `timeupdate` about four times a second. */
const TIMEUPDATE_MS = 250;

/** @type {(film: HTMLVideoElement) => import("./page.js").Follower} */
export function follow(film) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {number} leaderS */
  function hear(leaderS) {
    if (film.paused) film.play().catch(() => {}); // a pause may overtake it
    const targetS = leaderS + LAG_S;
    if (Math.abs(film.currentTime - targetS) > TOLERANCE_S) film.currentTime = targetS;
  }

  return (line) => {
    clearTimeout(timer);
    if (!line.playing) {
      film.pause();
      film.currentTime = line.position_s;
      return;
    }
    const lead = () => {
      hear(positionAt(line, performance.now() / 1000, null));
      timer = setTimeout(lead, TIMEUPDATE_MS);
    };
    timer = setTimeout(lead, Math.max(0, line.at_s * 1000 - performance.now()));
  };
}
