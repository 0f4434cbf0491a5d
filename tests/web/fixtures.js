// @ts-check
/** Rooms to test with. */
import { INITIAL, reduce } from "../../web/core/store.js";

/** @typedef {import("../../web/core/messages.js").Welcome} Welcome */

/** @type {import("../../web/core/messages.js").Item} */
export const FILM = {
  id: "film1", title: "A Film", duration_s: 60, frame_rate: 30, width: 640, height: 360,
  mime: "video/mp4", video_codec: "h264", audio_codec: "aac", loop: false,
  kind: "film", artist: "", album: "", video_mime: "", audio_tracks: [], subtitle_tracks: [],
  chapters: [], cover: false,
};

/** @type {import("../../web/core/timeline.js").Timeline} */
export const PAUSED = {
  item_id: "film1", position_s: 12.05, at_s: 100, rate: 1, playing: false, ended: false,
  revision: 1,
};

/** @type {Welcome} */
export const WELCOME = {
  type: "welcome", protocol: 1, epoch: "e1", you: "ana", room: "Friday", version: "0",
  item: FILM,
  timeline: PAUSED,
  control: { controller: "host", policy: "anyone", guests_may_pause: false, requests: [] },
  people: [
    { id: "host", name: "Holly", role: "host", connected: true },
    { id: "ana", name: "Ana", role: "guest", connected: true },
    { id: "bo", name: "Bo", role: "guest", connected: true },
  ],
  statuses: [],
  tracks: { audio: null, subtitle: null },
};

/** @type {import("../../web/core/messages.js").Status} */
export const STATUS = {
  id: "bo", state: "in_sync", error_ms: 1, error_minute_ms: 8, frames_ms: null, rtt_ms: 1, clock_ms: 0.2, delay_ms: 0,
  reason: "", form: "", form_reason: "", quality: "", limit: "",
};

/**
 * A room as seen by Ana, a guest, unless told otherwise.
 * @param {Partial<Welcome>} [changes]
 */
export function room(changes = {}) {
  return reduce(INITIAL, { ...WELCOME, ...changes });
}

/**
 * @param {string} action
 * @param {Partial<import("../../web/core/messages.js").Cause>} [by]
 */
export function cause(action, by = { by: "bo", name: "Bo" }) {
  return { action, by: null, name: "", to: null, to_name: "", ...by };
}
