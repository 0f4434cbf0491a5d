// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { diagnosticsText } from "../../../web/core/diagnostics.js";
import { reduce } from "../../../web/core/store.js";
import { room } from "../fixtures.js";

/** @type {import("../../../web/core/diagnostics.js").Facts} */
const FACTS = {
  takenAt: "2026-01-02T03:04:05.000Z",
  browser: {
    userAgent: "Browser/1", secure: false, online: true, hidden: false, pixelRatio: 2, width: 390,
    height: 844,
  },
  state: room(),
  roomPositionS: 12.05,
  playback: {
    state: "in_sync", errorMs: 3, errorMinuteMs: 8.04, framesMs: null, startLatencyMs: 62, delayMs: 120, reason: "", obstacle: "",
    blocked: false, form: "direct", formReason: "", renditions: [], quality: "original", ladder: [], limit: "",
  },
  follower: { state: "in_sync", errorMs: 3, startLatencyMs: 62, seekLatencyMs: 150 },
  framesTold: true,
  slow: false,
  minute: { seeks: 1, starts: 2 },
  clock: {
    synchronised: true, uncertaintyS: 0.0002, roundTripS: 0.002, bursts: 9, unanswered: 1,
    resets: [{ why: "this device slept", agoS: 12.3 }],
  },
  connection: { opened: 3, lastClose: { why: "lost", code: 1006, agoS: 40.2 } },
  element: {
    readyState: 4, networkState: 1, paused: false, seeking: false, currentTimeS: 12.06,
    durationS: NaN, playbackRate: 1.0004, muted: false, volume: 0.5, width: 640, height: 360,
    errorCode: 0, totalFrames: 600, droppedFrames: 7, buffered: [[0, 10], [20, 30.5]],
  },
};

for (const line of [
  "browser: Browser/1",
  "secure context: no",
  "codecs: h264, aac",
  "comes as: direct, original",
  "timeline: paused, 12.050 s at 100.000 s, speed 1, revision 1",
  "error now: 3.0 ms",
  "error, 95 % of the last minute: 8.0 ms",
  "last minute: 1 seeks, 2 starts",
  "learned latency: start 62.0 ms, seek 150.0 ms",
  "delay of this device: 120.0 ms",
  "offset uncertainty: ± 0.2 ms",
  "round trip: 2.0 ms",
  "bursts: 9, cut short 1",
  "resets: this device slept 12 s ago",
  "position: 12.060 s of unknown",
  "rate: 1.0004",
  "frames dropped: 7 of 600",
  "buffered: 0.000 s–10.000 s, 20.000 s–30.500 s",
  "reconnections: 2",
  "last close: lost (1006), 40 s ago",
]) {
  test(`a bug report says “${line}”`, () => {
    assert.ok(diagnosticsText(FACTS).split("\n").includes(`  ${line}`));
  });
}

test("a page that knows nothing yet can still be reported", () => {
  const text = diagnosticsText({
    ...FACTS,
    state: { ...FACTS.state, item: null },
    follower: { ...FACTS.follower, errorMs: null },
    clock: { ...FACTS.clock, synchronised: false, uncertaintyS: Infinity, roundTripS: null, resets: [] },
    connection: { opened: 0, lastClose: null },
  });
  assert.doesNotMatch(text, /undefined|NaN|Infinity|null/);
  assert.match(text, /reconnections: 0\n {2}last close: none/);
});

test("no secret, no name and no title is in it", () => {
  const state = reduce(FACTS.state, {
    type: "invitation", port: 8000, urls: ["http://10.0.0.7:8000/"], pin: "123456",
    invite_url: "http://10.0.0.7:8000/#invite=SECRET", host_url: "http://10.0.0.7:8000/#host=SECRET",
  });
  const text = diagnosticsText({ ...FACTS, state });
  for (const secret of ["SECRET", "123456", "10.0.0.7", "Ana", "Holly", "A Film", "Friday"]) {
    assert.ok(!text.includes(secret), secret);
  }
});
