// @ts-check
/**
 * The sentences of the page: who did what, how somebody is doing, what a time looks like.
 * Pure text; where it is shown is `web/ui`'s. (Server errors bring their own sentences.)
 */
import { languageAndTitle } from "./languages.js";

/**
 * @typedef {import("./store.js").State} State
 * @typedef {import("./messages.js").ServerMessage} ServerMessage
 */

/**
 * A media time as people write it: `4:05`, `1:02:03`.
 * @param {number} positionS
 */
export function clockTime(positionS) {
  const total = Math.max(0, Math.floor(positionS + 1e-6));
  const seconds = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** @param {number} rate */
export function speed(rate) {
  return `${Number(rate.toFixed(2))}×`;
}

export const POLICY_WORDS = Object.freeze({
  anyone: "Anyone may take control",
  ask: "Guests ask for control",
  host_only: "Only the host has control",
});

/**
 * Who has control, for the badge that everyone sees.
 * @param {State} state
 */
export function whoHasControl(state) {
  if (state.control.controller === state.you) return "You have control";
  return `${nameOf(state, state.control.controller)} has control`;
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * A name as part of a sentence: one written from right to left is set apart by invisible
 * marks, so that the words around it keep their order.
 * @param {string} name
 */
export function quoted(name) {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/**
 * @param {State} state
 * @param {string} id
 */
export function nameOf(state, id) {
  return quoted(state.people.find((person) => person.id === id)?.name ?? "Somebody");
}

/**
 * What a server message means, in one sentence; empty where there is nothing to say.
 * @param {ServerMessage} message
 * @param {State} state after the message
 * @param {State} before
 * @returns {string}
 */
export function describe(message, state, before) {
  switch (message.type) {
    case "joined":
      return arrival(message.person, state, before);
    case "left":
      return departure(message, before);
    case "item":
      return message.item ? `${doer(message.cause, state)} opened ${message.item.title}` : "The film was closed";
    case "timeline":
    case "tracks":
    case "control":
      return deed(message.cause, state);
    default:
      return "";
  }
}

/**
 * @param {import("./messages.js").Person} person
 * @param {State} state
 * @param {State} before
 */
function arrival(person, state, before) {
  if (person.id === state.you) return "";
  const known = before.people.find(({ id }) => id === person.id);
  const name = quoted(person.name);
  if (!person.connected) return `${name} lost the connection`;
  if (known && !known.connected) return `${name} is back`;
  return known ? "" : `${name} joined`;
}

/**
 * @param {{id: string, reason: string}} message
 * @param {State} before
 */
function departure({ id, reason }, before) {
  const name = nameOf(before, id);
  return reason === "removed" ? `${name} was removed by the host` : `${name} left`;
}

/**
 * @param {import("./messages.js").Cause} cause
 * @param {State} state
 */
function doer({ by, name }, state) {
  return by !== null && by === state.you ? "You" : quoted(name) || "The host";
}

/**
 * @param {import("./messages.js").Cause} cause
 * @param {State} state
 */
function deed(cause, state) {
  const self = cause.by !== null && cause.by === state.you;
  const who = doer(cause, state);
  const whom = cause.to === state.you ? "you" : quoted(cause.to_name);
  const at = clockTime(state.timeline.position_s);
  const holder = whoHasControl(state);
  switch (cause.action) {
    case "play":
      return `${who} pressed play`;
    case "pause":
      return cause.by === null ? `Paused at ${at}` : `${who} paused at ${at}`;
    case "seek":
      return `${who} went to ${at}`;
    case "step":
      return `${who} stepped to ${at}`;
    case "set_rate":
      return `${who} set the speed to ${speed(state.timeline.rate)}`;
    case "end":
      return "The film has ended";
    case "follow_host":
      return "The room follows the host’s screen: its sound device keeps its own time";
    case "followed_host":
      return "The room is in step with the host’s screen again";
    case "tracks":
      return `${who} chose ${chosenTracks(state)}`;
    case "take":
      return self ? "You have control" : `${who} has control`;
    case "release":
    case "grace_over":
      return holder;
    case "grant":
      return `${who} gave control to ${whom}`;
    case "decline":
      return cause.to === state.you ? `${who} declined your request for control` : "";
    case "ask":
      return self ? "You asked for control" : `${who} asks for control`;
    case "withdraw":
      return self ? "You withdrew your request" : "";
    case "set_policy":
      return `${POLICY_WORDS[state.control.policy]}${state.control.guests_may_pause ? "; anyone may pause" : ""}`;
    default:
      return "";
  }
}

/** @param {State} state */
function chosenTracks({ item, tracks }) {
  const sound = item?.audio_tracks.find(({ index }) => index === tracks.audio);
  const subtitles = item?.subtitle_tracks.find(({ id }) => id === tracks.subtitle);
  return `${sound ? trackName(sound, "Soundtrack", sound.index) : "the film’s own soundtrack"}, ${
    subtitles ? `subtitles ${trackName(subtitles, "", 0)}`.trim() : "no subtitles"}`;
}

/**
 * What a soundtrack or subtitles are called: the language in the reader's own, and the title.
 * @param {{language: string, title: string}} track
 * @param {string} kind for a track that says nothing of itself
 * @param {number} index
 */
export function trackName(track, kind, index) {
  const parts = languageAndTitle(track);
  return parts.length ? quoted(parts.join(" · ")) : kind && `${kind} ${index + 1}`;
}

const STATE_WORDS = Object.freeze({
  loading: "Loading",
  in_sync: "In sync",
  catching_up: "Catching up",
  buffering: "Buffering",
  resting: "Paused in step",
  away: "Away",
  cannot_play: "Can’t play this film",
});

/**
 * How a participant is doing, in words.
 * @param {import("./messages.js").Person} person
 * @param {import("./messages.js").Status | undefined} status
 */
export function doing(person, status) {
  if (!person.connected) return person.role === "host" ? "Not here" : "Connection lost";
  if (!status) return person.role === "host" ? "" : "Joining";
  return STATE_WORDS[status.state];
}
