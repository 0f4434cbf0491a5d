// @ts-check
/**
 * From what a person asks of the player (a click, a key, a headset's button) to the message
 * that says so to the server, or to the reason why it can't be. Pure; it sends nothing.
 */
import { positionAt } from "./timeline.js";
import { whoHasControl } from "./wording.js";

/**
 * @typedef {import("./store.js").State} State
 * @typedef {{kind: "play" | "pause" | "toggle" | "faster" | "slower"}
 *   | {kind: "seek", positionS: number} | {kind: "nudge", byS: number}
 *   | {kind: "step", frames: number} | {kind: "rate", rate: number}} Wish
 * @typedef {{send: import("./messages.js").Intent} | {hint: string} | null} Answer
 */

/** The speeds offered; the protocol takes any from 0.5 to 2. */
export const SPEEDS = Object.freeze([0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]);

/** @param {State} state */
export function inControl(state) {
  return state.you !== "" && state.control.controller === state.you;
}

/** @param {State} state */
export function isHost(state) {
  return state.people.some((person) => person.id === state.you && person.role === "host");
}

/** @param {State} state */
export function mayPause(state) {
  return inControl(state) || state.control.guests_may_pause;
}

/**
 * How the Take control button should read, or null where it has no place.
 * @param {State} state
 * @returns {{label: string, send: import("./messages.js").Intent} | null}
 */
export function controlOffer(state) {
  const { control, you } = state;
  if (inControl(state)) {
    return isHost(state) ? null : { label: "Release control", send: { type: "release" } };
  }
  const take = /** @type {const} */ ({ type: "take", holder: control.controller });
  if (isHost(state)) return { label: "Take back control", send: take };
  if (control.requests.includes(you)) {
    return { label: "Withdraw request", send: { type: "release" } };
  }
  if (control.policy === "host_only") return null;
  return { label: control.policy === "ask" ? "Ask for control" : "Take control", send: take };
}

/**
 * @param {Wish} wish
 * @param {State} state
 * @param {number} nowS server clock, in seconds
 * @returns {Answer}
 */
export function intentFor(wish, state, nowS) {
  const { item, timeline } = state;
  if (state.link !== "open") return { hint: "Not connected at the moment" };
  if (!item) return { hint: "No film is open yet" };
  const kind = wish.kind === "toggle" ? (timeline.playing ? "pause" : "play") : wish.kind;
  if (!(kind === "pause" ? mayPause(state) : inControl(state))) {
    return { hint: whoHasControl(state) };
  }
  const here = positionAt(timeline, nowS, item.duration_s);
  switch (wish.kind) {
    case "seek":
      return seekTo(wish.positionS, item);
    case "nudge":
      return seekTo(here + wish.byS, item);
    case "step":
      return { send: { type: "step", frames: wish.frames, item: item.id } };
    case "rate":
      return rateTo(wish.rate, timeline.rate);
    case "faster":
      return rateTo(SPEEDS.find((rate) => rate > timeline.rate + 1e-6), timeline.rate);
    case "slower":
      return rateTo(SPEEDS.findLast((rate) => rate < timeline.rate - 1e-6), timeline.rate);
    default:
      if ((kind === "play") === timeline.playing) return null;
      return { send: { type: kind === "play" ? "play" : "pause" } };
  }
}

/**
 * @param {number} positionS
 * @param {import("./messages.js").Item} item
 * @returns {Answer}
 */
function seekTo(positionS, { id, duration_s: durationS }) {
  if (!Number.isFinite(positionS)) return null;
  const position_s = Math.min(Math.max(positionS, 0), durationS);
  return { send: { type: "seek", position_s, item: id } };
}

/**
 * @param {number | undefined} rate
 * @param {number} current
 * @returns {Answer}
 */
function rateTo(rate, current) {
  if (rate === undefined || !Number.isFinite(rate)) return null;
  const bounded = Math.min(Math.max(rate, 0.5), 2);
  return bounded === current ? null : { send: { type: "set_rate", rate: bounded } };
}
