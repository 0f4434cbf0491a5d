// @ts-check
/**
 * What a follower sees, what it asks for, and what it reports: shapes only.
 *
 * Instants are seconds on the server's clock, media times are seconds. Twin of
 * server/core/observation.py.
 */

/** @import {Timeline} from "./timeline.js" */

/**
 * The player and the room at one instant.
 * @typedef {object} Observation
 * @property {number} nowS the instant
 * @property {Timeline} timeline the room's timeline
 * @property {number | null} durationS length of the item; null while unknown
 * @property {number | null} frameRate constant frame rate; null: variable or unknown
 * @property {number} positionS coarse position (`currentTime`); exact while paused
 * @property {boolean} paused
 * @property {boolean} seeking
 * @property {boolean} canPlay whether it has data to go on
 * @property {boolean} [muted] whether nobody hears it; default false
 * @property {boolean} [measurable] whether presented frames are reported; default true
 * @property {number | null} [playbackRate] the rate it has; default: as last written
 * @property {readonly (readonly [number, number])[] | null} [buffered] what it has of the film, as
 *   media times from and to; default: it lacks nothing
 */

/**
 * `seek`: pause the player if it plays, and move it. `start`: call play() at
 * this instant (start latency already subtracted), or now if it has passed.
 * `pause`: pause now. Each of these replaces a pending `start`; `setRate` does not.
 * @typedef {{type: "seek", positionS: number}
 *   | {type: "start", atS: number}
 *   | {type: "pause"}
 *   | {type: "setRate", rate: number}} Command
 */

/** @typedef {"in_sync" | "catching_up" | "buffering" | "resting"} State */

/**
 * How a follower is doing.
 * @typedef {object} Status
 * @property {State} state "resting" is paused, and on the right frame
 * @property {number | null} errorMs last known media time shown less timeline,
 *   positive when ahead; null: unknown
 * @property {number} startLatencyMs learned time from play() to moving media
 * @property {number} seekLatencyMs learned time for a seek to be playable
 */

export {};
