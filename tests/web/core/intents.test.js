// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { controlOffer, inControl, intentFor } from "../../../web/core/intents.js";
import { reduce } from "../../../web/core/store.js";
import { PAUSED, room, WELCOME } from "../fixtures.js";

const MINE = { ...WELCOME.control, controller: "ana" };
const PLAYING = { ...PAUSED, position_s: 10, at_s: 100, playing: true };
/** @typedef {import("../../../web/core/intents.js").Wish} Wish */

test("in control, wishes become intents", () => {
  const state = room({ control: MINE, timeline: PLAYING });
  const nowS = 105; // media time 15
  /** @type {[Wish, object | null][]} */
  const cases = [
    [{ kind: "play" }, null],
    [{ kind: "pause" }, { type: "pause" }],
    [{ kind: "toggle" }, { type: "pause" }],
    [{ kind: "seek", positionS: 33 }, { type: "seek", position_s: 33, item: "film1" }],
    [{ kind: "nudge", byS: -5 }, { type: "seek", position_s: 10, item: "film1" }],
    [{ kind: "step", frames: 1 }, { type: "step", frames: 1, item: "film1" }],
    [{ kind: "rate", rate: 1.5 }, { type: "set_rate", rate: 1.5 }],
    [{ kind: "faster" }, { type: "set_rate", rate: 1.25 }],
    [{ kind: "slower" }, { type: "set_rate", rate: 0.75 }],
  ];
  for (const [wish, send] of cases) {
    assert.deepEqual(intentFor(wish, state, nowS), send && { send }, JSON.stringify(wish));
  }
});

test("paused, toggle plays and pause is no wish", () => {
  const state = room({ control: MINE });
  assert.deepEqual(intentFor({ kind: "toggle" }, state, 0), { send: { type: "play" } });
  assert.equal(intentFor({ kind: "pause" }, state, 0), null);
});

test("wishes are kept within the film and within the speeds", () => {
  const state = room({ control: MINE });
  /** @param {Wish} wish */
  const answer = (wish) => intentFor(wish, state, 0);
  assert.deepEqual(answer({ kind: "seek", positionS: -3 }), { send: { type: "seek", position_s: 0, item: "film1" } });
  assert.deepEqual(answer({ kind: "seek", positionS: 99 }), { send: { type: "seek", position_s: 60, item: "film1" } });
  assert.deepEqual(answer({ kind: "rate", rate: 16 }), { send: { type: "set_rate", rate: 2 } });
  assert.equal(answer({ kind: "seek", positionS: NaN }), null);
  assert.equal(answer({ kind: "rate", rate: NaN }), null);
});

test("at the fastest speed there is no faster", () => {
  const state = room({ control: MINE, timeline: { ...PAUSED, rate: 2 } });
  assert.equal(intentFor({ kind: "faster" }, state, 0), null);
});

test("a follower moves nothing and hears who has control", () => {
  const state = room({ timeline: PLAYING });
  for (const kind of /** @type {const} */ (["pause", "toggle", "faster"])) {
    assert.deepEqual(intentFor({ kind }, state, 105), { hint: "Holly has control" });
  }
  assert.deepEqual(intentFor({ kind: "seek", positionS: 1 }, state, 105), { hint: "Holly has control" });
});

test("where any guest may pause, a follower may pause and no more", () => {
  const control = { ...WELCOME.control, guests_may_pause: true };
  const state = room({ control, timeline: PLAYING });
  assert.deepEqual(intentFor({ kind: "toggle" }, state, 105), { send: { type: "pause" } });
  const paused = room({ control });
  assert.deepEqual(intentFor({ kind: "toggle" }, paused, 105), { hint: "Holly has control" });
});

test("without connection or film, the hint says so", () => {
  const lost = reduce(room({ control: MINE }), { type: "link", link: "lost" });
  assert.deepEqual(intentFor({ kind: "toggle" }, lost, 0), { hint: "Not connected at the moment" });
  const empty = room({ control: MINE, item: null });
  assert.deepEqual(intentFor({ kind: "toggle" }, empty, 0), { hint: "No film is open yet" });
});

test("nobody is in control before the welcome", () => {
  assert.equal(inControl(reduce(room(), { type: "lobby" })), false);
});

test("what the control button offers", () => {
  const { control } = WELCOME;
  /** @type {[Partial<typeof WELCOME>, string | undefined][]} */
  const cases = [
    [{}, "Take control"],
    [{ control: { ...control, policy: "ask" } }, "Ask for control"],
    [{ control: { ...control, policy: "ask", requests: ["ana"] } }, "Withdraw request"],
    [{ control: { ...control, policy: "host_only" } }, undefined],
    [{ control: MINE }, "Release control"],
    [{ you: "host" }, undefined],
    [{ you: "host", control: { ...MINE, policy: "host_only" } }, "Take back control"],
  ];
  for (const [changes, label] of cases) assert.equal(controlOffer(room(changes))?.label, label);
});

test("taking names whom one saw in control, so that of two presses one wins", () => {
  assert.deepEqual(controlOffer(room())?.send, { type: "take", holder: "host" });
});
