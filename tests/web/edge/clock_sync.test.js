// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Clock, PROBES_PER_BURST } from "../../../web/core/clock.js";
import { ClockSync } from "../../../web/edge/clock_sync.js";

const OFFSET_S = 5000;

/** @type {number} */
let localS;
/** @type {number} */
let wallS;
/** @type {any[]} */
let sent;
/** @type {Clock} */
let clock;
/** @type {ClockSync} */
let sync;
/** @type {number} */
let sleeps;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  localS = 10;
  wallS = 1e9;
  sent = [];
  sleeps = 0;
  clock = new Clock();
  sync = new ClockSync({
    clock,
    send: (message) => sent.push(message),
    slept: () => (sleeps += 1),
    nowS: () => localS,
    wallS: () => wallS + localS,
  });
});

afterEach(() => mock.timers.reset());

/** @param {number} seconds */
function pass(seconds) {
  localS += seconds;
  mock.timers.tick(seconds * 1000);
}

/** Answer the latest probe after 4 ms on the wire. */
function answer() {
  const { id, t1_ms } = sent.at(-1);
  const t2_s = localS + 0.002 + OFFSET_S;
  localS += 0.004;
  sync.answered({ type: "probe_reply", id, t1_ms, t2_s, t3_s: t2_s }, localS);
}

function burst() {
  for (let i = 0; i < PROBES_PER_BURST; i++) answer();
}

test("each probe waits for the answer to the one before", () => {
  sync.start("e1");
  assert.equal(sent.length, 1);
  answer();
  assert.equal(sent.length, 2);
  sync.answered({ ...sent[0], type: "probe_reply", t2_s: 0, t3_s: 0 }, localS);
  assert.equal(sent.length, 2, "a late answer starts nothing");
});

test("a burst teaches the clock, and the schedule brings the next", () => {
  sync.start("e1");
  burst();
  assert.equal(sent.length, PROBES_PER_BURST);
  assert.ok(Math.abs(clock.serverNow(localS) - (localS + OFFSET_S)) < 1e-6);
  pass(0.25);
  assert.equal(sent.length, PROBES_PER_BURST + 1);
});

test("a probe that is never answered ends its burst; what was answered counts", () => {
  sync.start("e1");
  answer();
  answer();
  pass(2);
  assert.equal(clock.synchronised, true);
  pass(0.3);
  assert.equal(sent.length, 4);
});

test("answers that take seconds, behind a queue of something else, are waited for in the end", () => {
  const takesS = 5;
  sync.start("e1");
  for (let passedS = 0; !clock.synchronised && passedS < 90; passedS += 0.5) {
    pass(0.5);
    const { id, t1_ms } = sent.at(-1);
    if (localS - t1_ms / 1000 < takesS) continue;
    const t2_s = localS - takesS / 2 + OFFSET_S;
    sync.answered({ type: "probe_reply", id, t1_ms, t2_s, t3_s: t2_s }, localS);
  }
  assert.equal(clock.synchronised, true);
});

test("who comes back while a probe waits for long does not wait with it", () => {
  sync.start("e1");
  pass(2);
  pass(0.3);
  pass(3);
  const before = sent.length;
  sync.wake();
  assert.equal(sent.length, before + 1);
});

test("another run of the server is another clock", () => {
  sync.start("e1");
  burst();
  sync.stop();
  sync.start("e2");
  assert.equal(clock.synchronised, false);
  burst();
  assert.equal(clock.synchronised, true);
});

test("coming back to the same run keeps what was learned", () => {
  sync.start("e1");
  burst();
  sync.stop();
  sync.start("e1");
  assert.equal(clock.synchronised, true);
});

test("a machine that slept forgets the clock", () => {
  sync.start("e1");
  burst();
  wallS += 3600;
  sync.wake();
  assert.equal(clock.synchronised, false);
  assert.equal(sleeps, 1, "its socket may be dead as well");
});

test("a page that wakes probes at once, but not twice at a time", () => {
  sync.start("e1");
  burst();
  const before = sent.length;
  sync.wake();
  sync.wake();
  assert.equal(sent.length, before + 1);
});

test("once stopped, nothing is sent", () => {
  sync.start("e1");
  burst();
  sync.stop();
  const before = sent.length;
  pass(60);
  sync.wake();
  assert.equal(sent.length, before);
});

test("what a bug report tells: bursts, those cut short, and why the clock was learned anew", () => {
  sync.start("e1");
  burst();
  assert.deepEqual(sync.tally(localS), { bursts: 1, unanswered: 0, resets: [] });
  answer();
  pass(1);
  pass(2);
  wallS += 100;
  pass(5);
  sync.start("e2");
  const { bursts, unanswered, resets } = sync.tally(localS + 1);
  assert.ok(bursts >= 2 && unanswered >= 1);
  assert.deepEqual(resets.map(({ why }) => why), ["this device slept", "another run of the server"]);
  assert.equal(resets[1].agoS, 1);
});

test("a server's clock that jumps is noted once it is believed", () => {
  sync.start("e1");
  burst();
  for (let i = 0; i < 6; i++) {
    pass(3);
    if (!sent.length) continue;
    for (let j = 0; j < PROBES_PER_BURST; j++) {
      const { id, t1_ms } = sent.at(-1);
      const t2_s = localS + 0.002 + OFFSET_S + 7;
      localS += 0.004;
      sync.answered({ type: "probe_reply", id, t1_ms, t2_s, t3_s: t2_s }, localS);
    }
  }
  assert.deepEqual(sync.tally(localS).resets.map(({ why }) => why), ["the clocks disagreed"]);
});
