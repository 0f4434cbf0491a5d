// @ts-check
/** Tells the server how playback is doing here: every two seconds, and when it changes. */

const EVERY_MS = 2000;

/**
 * @param {import("./player.js").Playback} playback
 * @param {number | null} roundTripS
 * @returns {import("../core/messages.js").Report}
 */
export function reportOf({ state, errorMs, startLatencyMs, reason }, roundTripS) {
  return {
    type: "report",
    state,
    error_ms: tenths(errorMs),
    rtt_ms: tenths(roundTripS === null ? null : roundTripS * 1000),
    start_latency_ms: tenths(startLatencyMs),
    reason: [...reason].slice(0, 200).join(""),
  };
}

/** @param {number | null} value */
function tenths(value) {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * 10) / 10;
}

export class Reporter {
  #make;
  #send;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => import("../core/messages.js").Report} make
   * @param {(report: import("../core/messages.js").Report) => void} send
   */
  constructor(make, send) {
    this.#make = make;
    this.#send = send;
  }

  /** Report now, and then again and again. */
  now() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#send(this.#make()), EVERY_MS);
    this.#send(this.#make());
  }

  stop() {
    clearInterval(this.#timer);
  }
}
