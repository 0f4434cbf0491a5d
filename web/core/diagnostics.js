// @ts-check
/**
 * The text of a bug report: what the page knows of itself, as plain lines.
 *
 * It holds no secret and nobody's name: no PIN, invitation, token or address, and not the
 * film's title. Gathering the facts is `edge/diagnosis`'s.
 */

import { limitWords } from "./sync_words.js";

/**
 * @typedef {object} Facts
 * @property {string} takenAt wall clock
 * @property {{userAgent: string, secure: boolean, online: boolean, hidden: boolean,
 *   pixelRatio: number, width: number, height: number}} browser
 * @property {import("./store.js").State} state
 * @property {number} roomPositionS
 * @property {import("../edge/player.js").Playback} playback
 * @property {import("./observation.js").Status} follower
 * @property {boolean} framesTold whether the browser tells which frame it shows
 * @property {boolean} slow whether it is too slow for the film
 * @property {{seeks: number, starts: number}} minute what the player did in the last minute
 * @property {{synchronised: boolean, uncertaintyS: number, roundTripS: number | null,
 *   bursts: number, unanswered: number, resets: {why: string, agoS: number}[]}} clock
 * @property {{opened: number, lastClose: {why: string, code: number, agoS: number} | null}} connection
 * @property {{readyState: number, networkState: number, paused: boolean, seeking: boolean,
 *   currentTimeS: number, durationS: number, playbackRate: number, muted: boolean, volume: number,
 *   width: number, height: number, errorCode: number, totalFrames: number, droppedFrames: number,
 *   buffered: [startS: number, endS: number][]}} element
 */

/**
 * @param {Facts} facts
 * @returns {string}
 */
export function diagnosticsText(facts) {
  const { browser, state, element } = facts;
  /** @type {[string, [string, string][]][]} */
  const sections = [
    ["Matinee", [
      ["version", state.version || "unknown"],
      ["taken", facts.takenAt],
      ["browser", browser.userAgent],
      ["secure context", yes(browser.secure)],
      ["online", yes(browser.online)],
      ["page", `${browser.hidden ? "hidden" : "shown"}, ${browser.width}×${browser.height} at ${browser.pixelRatio}`],
    ]],
    ["Film", film(facts)],
    ["Room", room(facts)],
    ["Sync", sync(facts)],
    ["Clock", clock(facts.clock)],
    ["Player", [
      ["position", `${seconds(element.currentTimeS)} of ${seconds(element.durationS)}`],
      ["state", [
        element.paused ? "paused" : "playing",
        element.seeking ? "seeking" : "",
        `ready ${element.readyState}`,
        `network ${element.networkState}`,
        element.errorCode ? `error ${element.errorCode}` : "",
      ].filter(Boolean).join(", ")],
      ["rate", element.playbackRate.toFixed(4)],
      ["sound", element.muted ? "muted" : `volume ${element.volume.toFixed(2)}`],
      ["picture", `${element.width}×${element.height}`],
      ["frames dropped", `${element.droppedFrames} of ${element.totalFrames}`],
      ["buffered", element.buffered.map((range) => range.map(seconds).join("–")).join(", ") || "nothing"],
    ]],
    ["Connection", connection(facts)],
  ];
  return sections
    .map(([title, rows]) => `${title}\n${rows.map(([name, value]) => `  ${name}: ${value}`).join("\n")}\n`)
    .join("\n");
}

/**
 * @param {Facts} facts
 * @returns {[string, string][]}
 */
function film({ state: { item }, playback }) {
  if (!item) return [["film", "none"]];
  const rate = item.frame_rate === null ? "variable" : `${Number(item.frame_rate.toFixed(3))} fps`;
  return [
    ["kind", item.mime || "unknown"],
    ["codecs", `${item.video_codec ?? "no picture"}, ${item.audio_codec ?? "no sound"}`],
    ["picture", `${item.width}×${item.height}, ${rate}`],
    ["length", seconds(item.duration_s)],
    ["playable here", playback.state === "cannot_play" ? `no: ${playback.reason}` : "nothing speaks against it"],
    ["comes as", [playback.form || "nothing yet", playback.quality, playback.formReason].filter(Boolean).join(", ")],
  ];
}

/**
 * @param {Facts} facts
 * @returns {[string, string][]}
 */
function room({ state: { timeline, control, people, you }, roomPositionS }) {
  const doing = timeline.ended ? "ended" : timeline.playing ? "playing" : "paused";
  return [
    ["timeline", `${doing}, ${seconds(timeline.position_s)} at ${seconds(timeline.at_s)}, speed ${timeline.rate}, revision ${timeline.revision}`],
    ["position now", seconds(roomPositionS)],
    ["control", `${control.controller === you ? "here" : "elsewhere"}, ${control.policy}`],
    ["people", String(people.length)],
  ];
}

/**
 * @param {Facts} facts
 * @returns {[string, string][]}
 */
function sync({ playback, follower, minute, framesTold, slow }) {
  return [
    ["state", playback.blocked ? `${playback.state}, waits for a press` : playback.state],
    ["note", playback.reason || "none"],
    ["error now", ms(follower.errorMs)],
    ["error, 95 % of the last minute", ms(playback.errorMinuteMs)],
    ["last minute", `${minute.seeks} seeks, ${minute.starts} starts`],
    ["learned latency", `start ${ms(follower.startLatencyMs)}, seek ${ms(follower.seekLatencyMs)}`],
    ["delay of this device", ms(playback.delayMs)],
    ["limit", limitWords(playback.limit) || "none"],
    ["frames are told", yes(framesTold)],
    ["too slow for the film", yes(slow)],
  ];
}

/**
 * @param {Facts["clock"]} clockFacts
 * @returns {[string, string][]}
 */
function clock({ synchronised, uncertaintyS, roundTripS, bursts, unanswered, resets }) {
  return [
    ["learned", yes(synchronised)],
    ["offset uncertainty", synchronised ? `± ${ms(uncertaintyS * 1000)}` : "–"],
    ["round trip", ms(roundTripS === null ? null : roundTripS * 1000)],
    ["bursts", `${bursts}, cut short ${unanswered}`],
    ["resets", resets.map(({ why, agoS }) => `${why} ${Math.round(agoS)} s ago`).join("; ") || "none"],
  ];
}

/**
 * @param {Facts} facts
 * @returns {[string, string][]}
 */
function connection({ state, connection: { opened, lastClose } }) {
  const last = lastClose && `${lastClose.why} (${lastClose.code}), ${Math.round(lastClose.agoS)} s ago`;
  return [
    ["link", state.link],
    ["reconnections", String(Math.max(0, opened - 1))],
    ["last close", last ?? "none"],
  ];
}

/** @param {boolean} is */
function yes(is) {
  return is ? "yes" : "no";
}

/** @param {number} valueS */
function seconds(valueS) {
  return Number.isFinite(valueS) ? `${valueS.toFixed(3)} s` : "unknown";
}

/** @param {number | null} valueMs */
function ms(valueMs) {
  return valueMs === null ? "–" : `${valueMs.toFixed(1)} ms`;
}
