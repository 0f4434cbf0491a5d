// @ts-check
/**
 * A page whose film follows a peer's rule: the one that the address names (`?rule=jellyfin`).
 *
 * Owns the join, and hands the room's timelines on. They come from the bench already on this
 * page's own clock, exact: every peer gets for nothing what its clock and its network would
 * cost it.
 */

/** @typedef {import("../../../../web/core/timeline.js").Timeline} Timeline */

/**
 * Hears each new timeline of the room; its `at_s` is on the clock of `performance.now()`.
 * @typedef {(timeline: Timeline) => void} Follower
 */

const rule = new URLSearchParams(location.search).get("rule");
/** @type {{ follow: (film: HTMLVideoElement) => Follower }} */
const { follow } = await import(`./${rule}.js`);

const film = /** @type {HTMLVideoElement} */ (document.getElementById("film"));
const join = /** @type {HTMLButtonElement} */ (document.getElementById("join"));
const room = /** @type {HTMLElement} */ (document.getElementById("room"));
/** @type {Follower | null} */
let follower = null;
/** @type {Timeline | null} */
let latest = null;

/** @param {Timeline} timeline */
function tellPeer(timeline) {
  latest = timeline;
  follower?.(timeline);
}
Object.assign(globalThis, { tellPeer });

join.addEventListener("click", () => {
  join.hidden = true;
  room.hidden = false;
  film.src = "/film";
  follower = follow(film);
  if (latest) follower(latest);
});
join.disabled = false;
