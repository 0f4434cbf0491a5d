// @ts-check
/**
 * The library `timingsrc`, as its README says: `setTimingsrc(element, timingObject)`, its own
 * defaults. The timing object is fed from the room's timeline: it rests at a start's place
 * until the instant has come, and moves from then on.
 */
import { TimingObject } from "timing-object";
import { setTimingsrc } from "timingsrc";
import { positionAt } from "../../../../web/core/timeline.js";

/** @type {(film: HTMLVideoElement) => import("./page.js").Follower} */
export function follow(film) {
  const timing = new TimingObject();
  setTimingsrc(film, timing);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  return (line) => {
    clearTimeout(timer);
    const update = () => {
      const nowS = performance.now() / 1000;
      const moving = line.playing && nowS >= line.at_s;
      timing.update({
        position: positionAt(line, nowS, null),
        velocity: moving ? line.rate : 0,
      });
      if (line.playing && !moving) timer = setTimeout(update, (line.at_s - nowS) * 1000);
    };
    update();
  };
}
