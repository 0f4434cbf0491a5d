// @ts-check
/**
 * Every message of the protocol, checked: what may cross the WebSocket, and nothing else.
 *
 * Twin of server/core/messages.py, whose docstrings say what each field means;
 * tests/vectors/messages.json runs in both. Records keep the names that they have on
 * the wire. What a message does to the page is `store`'s.
 */
import {
  BadShape, flag, listOf, nullable, oneOf, optional, real, record, text, whole,
} from "./shapes.js";

export const PROTOCOL_VERSION = 1;

/** A frame that is no message of the protocol. */
export class BadMessage extends Error {}

/**
 * @typedef {"anyone" | "ask" | "host_only"} Policy
 * @typedef {"loading" | "in_sync" | "catching_up" | "buffering" | "resting" | "away" | "cannot_play"} PlaybackState
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {{id: string, title: string, duration_s: number, frame_rate: number | null, width: number,
 *   height: number, mime: string, video_codec: string | null, audio_codec: string | null, loop: boolean,
 *   kind: "film" | "music", artist: string, album: string, video_mime: string,
 *   audio_tracks: AudioTrack[], subtitle_tracks: SubtitleTrack[], chapters: Chapter[],
 *   cover: boolean}} Item
 * @typedef {{index: number, codec: string, language: string, title: string, channels: number,
 *   default: boolean, mime: string}} AudioTrack
 * @typedef {{id: string, kind: "text" | "picture", language: string, title: string,
 *   default: boolean, forced: boolean}} SubtitleTrack
 * @typedef {{start_s: number, title: string}} Chapter
 * @typedef {{audio: number | null, subtitle: string | null}} Tracks
 * @typedef {"" | "direct" | "remux" | "convert"} Form
 * @typedef {"" | "rate" | "frames"} Limit
 * @typedef {{id: string, name: string, role: "host" | "guest", connected: boolean}} Person
 * @typedef {{controller: string, policy: Policy, guests_may_pause: boolean, requests: string[]}} Control
 * @typedef {{action: string, by: string | null, name: string, to: string | null, to_name: string}} Cause
 * @typedef {{id: string, state: PlaybackState, error_ms: number | null,
 *   error_minute_ms: number | null, frames_ms: number | null, rtt_ms: number | null,
 *   clock_ms: number | null, delay_ms: number,
 *   reason: string, form: Form, form_reason: string, quality: string, limit: Limit}} Status
 * @typedef {{type: "invitation", port: number, urls: string[], pin: string | null, invite_url: string,
 *   host_url: string | null}} Invitation
 * @typedef {{type: "welcome", protocol: number, epoch: string, you: string, room: string, version: string,
 *   item: Item | null, timeline: Timeline, control: Control, people: Person[], statuses: Status[],
 *   tracks: Tracks}} Welcome
 * @typedef {{type: "probe_reply", id: number, t1_ms: number, t2_s: number, t3_s: number}} ProbeReply
 * @typedef {{type: "refused", of: string, code: string, message: string}} Refusal
 * @typedef {"host_ended" | "removed" | "elsewhere" | "left" | "too_slow" | "too_many" | "protocol"} EndedReason
 * @typedef {{type: "ended", reason: EndedReason, message: string}} Ended
 * @typedef {Welcome | ProbeReply | Refusal | Invitation | Ended
 *   | {type: "timeline", timeline: Timeline, cause: Cause}
 *   | {type: "item", item: Item | null, timeline: Timeline, cause: Cause}
 *   | {type: "tracks", tracks: Tracks, cause: Cause}
 *   | {type: "control", control: Control, cause: Cause}
 *   | {type: "joined", person: Person}
 *   | {type: "left", id: string, reason: "left" | "lost" | "removed"}
 *   | {type: "statuses", statuses: Status[]}
 *   | {type: "problem", code: string, message: string} | Preparation} ServerMessage
 * @typedef {{rendition: string, place: number}} Waiting
 * @typedef {{type: "preparation", item: string, what: "scan" | "convert",
 *   state: "queued" | "running" | "done" | "failed" | "cancelled", progress: number,
 *   left_s: number | null, place: number, waiting?: Waiting[], repacks?: boolean,
 *   message: string}} Preparation
 * @typedef {{type: "play"} | {type: "pause"} | {type: "seek", position_s: number, item?: string | null}
 *   | {type: "step", frames: number, item?: string | null} | {type: "set_rate", rate: number}
 *   | {type: "take", holder?: string | null} | {type: "release"} | {type: "grant", to: string}
 *   | {type: "decline", to: string} | {type: "remove", participant: string} | {type: "leave"}
 *   | {type: "set_policy", policy: Policy, guests_may_pause: boolean}
 *   | {type: "choose_tracks", item?: string | null, audio?: number | null, subtitle?: string | null}
 *   | {type: "cancel_preparation", item: string, what: "scan" | "convert"}
 *   | {type: "follow_host", by_s: number, revision: number}} Intent
 * @typedef {{type: "report", state: PlaybackState, error_ms?: number | null,
 *   error_minute_ms?: number | null, frames_ms?: number | null,
 *   rtt_ms?: number | null, clock_ms?: number | null,
 *   delay_ms?: number, start_latency_ms?: number | null, reason?: string, form?: Form,
 *   form_reason?: string, quality?: string, limit?: Limit}} Report
 * @typedef {{type: "hello", protocol: number} | {type: "probe", id: number, t1_ms: number}
 *   | Intent | Report} ClientMessage
 */

const id = text(1, 64);
const maybeId = optional(nullable(id), null);
const integer = whole();
const word = text();
const policy = oneOf("anyone", "ask", "host_only");
const playbackState = oneOf(
  "loading", "in_sync", "catching_up", "buffering", "resting", "away", "cannot_play",
);
const form = oneOf("", "direct", "remux", "convert");
const limit = oneOf("", "rate", "frames");
const preparing = oneOf("scan", "convert");
const maybeReal = optional(nullable(real), null);
const maybeText = optional(nullable(word), null);

const timeline = record({
  item_id: nullable(word),
  position_s: real,
  at_s: real,
  rate: optional(real, 1),
  playing: optional(flag, false),
  ended: optional(flag, false),
  slew: optional(real, 0),
  slew_until_s: maybeReal,
  revision: optional(integer, 0),
});

const audioTrack = record({
  index: integer,
  codec: word,
  language: optional(word, ""),
  title: optional(word, ""),
  channels: optional(integer, 2),
  default: optional(flag, false),
  mime: optional(word, ""),
});

const subtitleTrack = record({
  id: word,
  kind: oneOf("text", "picture"),
  language: optional(word, ""),
  title: optional(word, ""),
  default: optional(flag, false),
  forced: optional(flag, false),
});

const tracks = record({
  audio: optional(nullable(integer), null),
  subtitle: maybeText,
});

const item = record({
  id: word,
  title: word,
  duration_s: real,
  frame_rate: maybeReal,
  width: optional(integer, 0),
  height: optional(integer, 0),
  mime: optional(word, ""),
  video_codec: maybeText,
  audio_codec: maybeText,
  loop: optional(flag, false),
  kind: optional(oneOf("film", "music"), "film"),
  artist: optional(word, ""),
  album: optional(word, ""),
  video_mime: optional(word, ""),
  audio_tracks: optional(listOf(audioTrack), []),
  subtitle_tracks: optional(listOf(subtitleTrack), []),
  chapters: optional(listOf(record({ start_s: real, title: word })), []),
  cover: optional(flag, false),
});

const person = record({
  id: word,
  name: word,
  role: optional(oneOf("host", "guest"), "guest"),
  connected: optional(flag, true),
});

const control = record({
  controller: word,
  policy: optional(policy, "anyone"),
  guests_may_pause: optional(flag, false),
  requests: optional(listOf(word), []),
});

const cause = record({
  action: oneOf(
    "play", "pause", "seek", "step", "set_rate", "end", "loop", "open", "take", "release",
    "grant", "decline", "ask", "withdraw", "set_policy", "tracks",
    "follow_host", "followed_host", "suit_displays", "suited_displays", "grace_over",
  ),
  by: maybeText,
  name: optional(word, ""),
  to: maybeText,
  to_name: optional(word, ""),
});

const status = record({
  id: word,
  state: playbackState,
  error_ms: maybeReal,
  error_minute_ms: maybeReal,
  frames_ms: maybeReal,
  rtt_ms: maybeReal,
  clock_ms: maybeReal,
  delay_ms: optional(real, 0),
  reason: optional(word, ""),
  form: optional(form, ""),
  form_reason: optional(word, ""),
  quality: optional(word, ""),
  limit: optional(limit, ""),
});

/** @type {Record<string, Record<string, import("./shapes.js").Shape<any>>>} */
const CLIENT = {
  hello: { protocol: integer },
  probe: { id: integer, t1_ms: real },
  play: {},
  pause: {},
  seek: { position_s: real, item: maybeId },
  step: { frames: whole(-1000, 1000), item: maybeId },
  set_rate: { rate: real },
  choose_tracks: {
    item: maybeId,
    audio: optional(nullable(integer), null),
    subtitle: optional(nullable(text(1, 16)), null),
  },
  cancel_preparation: { item: id, what: preparing },
  follow_host: { by_s: real, revision: integer },
  take: { holder: maybeId },
  release: {},
  grant: { to: id },
  decline: { to: id },
  set_policy: { policy, guests_may_pause: flag },
  remove: { participant: id },
  leave: {},
  report: {
    state: playbackState,
    error_ms: maybeReal,
    error_minute_ms: maybeReal,
    frames_ms: maybeReal,
    rtt_ms: maybeReal,
    clock_ms: maybeReal,
    delay_ms: optional(real, 0),
    start_latency_ms: maybeReal,
    reason: optional(text(0, 200), ""),
    form: optional(form, ""),
    form_reason: optional(text(0, 200), ""),
    quality: optional(text(0, 16), ""),
    limit: optional(limit, ""),
  },
};

/** @type {Record<string, Record<string, import("./shapes.js").Shape<any>>>} */
const SERVER = {
  welcome: {
    protocol: integer, epoch: word, you: word, room: word, version: word,
    item: nullable(item), timeline, control, people: listOf(person), statuses: listOf(status),
    tracks: optional(tracks, { audio: null, subtitle: null }),
  },
  probe_reply: { id: integer, t1_ms: real, t2_s: real, t3_s: real },
  timeline: { timeline, cause },
  item: { item: nullable(item), timeline, cause },
  tracks: { tracks, cause },
  control: { control, cause },
  joined: { person },
  left: { id: word, reason: oneOf("left", "lost", "removed") },
  statuses: { statuses: listOf(status) },
  refused: { of: word, code: word, message: word },
  problem: { code: word, message: word },
  preparation: {
    item: word,
    what: preparing,
    state: oneOf("queued", "running", "done", "failed", "cancelled"),
    progress: optional(real, 0),
    left_s: maybeReal,
    place: optional(integer, 0),
    waiting: optional(listOf(record({ rendition: word, place: integer })), []),
    repacks: optional(flag, false),
    message: optional(word, ""),
  },
  invitation: {
    port: integer, urls: listOf(word), pin: nullable(word), invite_url: word, host_url: maybeText,
  },
  ended: {
    reason: oneOf(
      "host_ended", "removed", "elsewhere", "left", "too_slow", "too_many", "protocol",
    ),
    message: word,
  },
};

/**
 * @param {typeof CLIENT} tables
 * @param {string} frame
 * @returns {any}
 */
function decode(tables, frame) {
  let value;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new BadMessage("not JSON");
  }
  const tag = value?.type;
  if (typeof tag !== "string" || !Object.hasOwn(tables, tag)) throw new BadMessage("unknown type");
  const { type: _type, ...fields } = value;
  try {
    return { type: tag, ...record(tables[tag])(fields, "$") };
  } catch (error) {
    if (error instanceof BadShape) throw new BadMessage(`${tag}: ${error.message}`);
    throw error;
  }
}

/**
 * A client's message as the text of a frame.
 * @param {ClientMessage} message
 * @returns {string}
 */
export function encode(message) {
  return JSON.stringify(message);
}

/**
 * A client's frame as a checked message, with defaults filled in.
 * @param {string} frame
 * @returns {ClientMessage}
 * @throws {BadMessage}
 */
export function decodeClient(frame) {
  return decode(CLIENT, frame);
}

/**
 * A server's frame as a checked message, with defaults filled in.
 * @param {string} frame
 * @returns {ServerMessage}
 * @throws {BadMessage}
 */
export function decodeServer(frame) {
  return decode(SERVER, frame);
}
