// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { decodeClient, encode } from "../../../web/core/messages.js";
import { Reporter, reportOf } from "../../../web/edge/reporter.js";

/** @type {import("../../../web/edge/player.js").Playback} */
const PLAYBACK = {
  state: "in_sync", errorMs: -12.3456, errorMinuteMs: 8.06, framesMs: 6.449,
  startLatencyMs: 61.98, delayMs: 120, reason: "", obstacle: "", blocked: false, form: "convert", formReason: "no HEVC", quality: "720",
  renditions: [], ladder: [], limit: "rate",
};
const CLOCK = { roundTripS: 0.00123, uncertaintyS: 0.00021 };
const NO_CLOCK = { roundTripS: null, uncertaintyS: Infinity };

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("a report is a message of the protocol, with tenths of a millisecond", () => {
  const report = reportOf(PLAYBACK, CLOCK);
  assert.deepEqual(decodeClient(encode(report)), {
    type: "report", state: "in_sync", error_ms: -12.3, error_minute_ms: 8.1,
    frames_ms: 6.4, rtt_ms: 1.2,
    clock_ms: 0.2, delay_ms: 120, start_latency_ms: 62, reason: "",
    form: "convert", form_reason: "no HEVC", quality: "720", limit: "rate",
  });
});

test("what is unknown is null, and a long reason is cut to what the protocol takes", () => {
  const report = reportOf({ ...PLAYBACK, errorMs: null, reason: "🎬".repeat(300) }, NO_CLOCK);
  const decoded = decodeClient(encode(report));
  assert.ok(decoded.type === "report");
  assert.equal(decoded.error_ms, null);
  assert.equal(decoded.rtt_ms, null);
  assert.equal(decoded.clock_ms, null);
  assert.equal([...(decoded.reason ?? "")].length, 200);
});

test("reports come at once, then every two seconds, until stopped", () => {
  let count = 0;
  const reporter = new Reporter(() => reportOf(PLAYBACK, NO_CLOCK), () => (count += 1));
  reporter.start();
  assert.equal(count, 1);
  mock.timers.tick(2000);
  mock.timers.tick(2000);
  assert.equal(count, 3);
  reporter.stop();
  mock.timers.tick(10_000);
  reporter.changed();
  mock.timers.tick(10_000);
  assert.equal(count, 3);
});

test("a state that flickers makes few reports, and the last state is among them", () => {
  /** @type {string[]} */
  const sent = [];
  let state = /** @type {const} */ ("in_sync");
  const reporter = new Reporter(
    () => reportOf({ ...PLAYBACK, state }, NO_CLOCK),
    (report) => sent.push(report.state),
  );
  reporter.start();
  for (let i = 0; i < 20; i++) {
    state = /** @type {any} */ (i % 2 ? "in_sync" : "buffering");
    reporter.changed();
  }
  mock.timers.tick(300);
  assert.deepEqual(sent, ["in_sync", "in_sync"]);
});
