// @ts-check
/** Tells the server how playback is doing here: every two seconds, and when it changes. */

const EVERY_MS = 2000;
/** A state that flickers is not worth more messages than this. */
const LEAST_MS = 250;

/**
 * @param {import("./player.js").Playback} playback
 * @param {{roundTripS: number | null, uncertaintyS: number}} clock how well the server's is known
 * @returns {import("../core/messages.js").Report}
 */
export function reportOf(playback, { roundTripS, uncertaintyS }) {
  return {
    type: "report",
    state: playback.state,
    error_ms: tenths(playback.errorMs),
    error_minute_ms: tenths(playback.errorMinuteMs),
    frames_ms: tenths(playback.framesMs),
    rtt_ms: tenths(roundTripS === null ? null : roundTripS * 1000),
    clock_ms: tenths(uncertaintyS * 1000),
    delay_ms: playback.delayMs,
    start_latency_ms: tenths(playback.startLatencyMs),
    reason: short(playback.reason),
    form: playback.form,
    form_reason: short(playback.formReason),
    quality: playback.quality,
    limit: playback.limit,
  };
}

/** As much of a text as the protocol takes. @param {string} text */
function short(text) {
  return [...text].slice(0, 200).join("");
}

/** @param {number | null} value */
function tenths(value) {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * 10) / 10;
}

export class Reporter {
  #make;
  #send;
  #running = false;
  #lastMs = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => import("../core/messages.js").Report} make
   * @param {(report: import("../core/messages.js").Report) => void} send
   */
  constructor(make, send) {
    this.#make = make;
    this.#send = send;
  }

  /** Begin with a report, and go on. */
  start() {
    this.#running = true;
    this.#report();
  }

  /** Something changed: report it soon. */
  changed() {
    if (!this.#running) return;
    const waitMs = Math.max(0, this.#lastMs + LEAST_MS - performance.now());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#report(), waitMs);
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #report() {
    this.#lastMs = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#report(), EVERY_MS);
    this.#send(this.#make());
  }
}
