// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { Cadence } from "../../../web/core/cadence.js";

/** @type {import("../../../web/core/timeline.js").Timeline} */
const LINE = {
  item_id: "film", position_s: 0, at_s: 100, rate: 1, playing: true, ended: false, slew: 0,
  revision: 3,
};

/**
 * A film of so many frames a second on a display of 60 Hz, repainted at every n-th refresh.
 * @param {object} options
 * @param {number} [options.rate] frames a second
 * @param {number} [options.every] refreshes
 * @param {number} [options.phaseS] of the refreshes
 * @param {number} [options.forS]
 * @param {number[]} [options.missed] numbers of repaints that came a refresh late
 * @param {number} [options.fromS]
 * @param {Cadence} [options.cadence]
 */
function shown({ rate = 30, every = 2, phaseS = 0, forS = 2, missed = [], fromS = 101, cadence }) {
  const seen = cadence ?? new Cadence();
  for (let n = 0; n < (forS * 60) / every; n += 1) {
    const dueS = fromS + (n * every) / 60 + phaseS;
    const atS = dueS + (missed.includes(n) ? 1 / 60 : 0);
    seen.frame(Math.round((dueS - phaseS - LINE.at_s) * rate) / rate, atS, LINE);
  }
  return seen;
}

test("frames that always stand at one place are told of", () => {
  assert.ok(Math.abs((shown({ phaseS: 0.012 }).framesMs ?? 0) + 12) < 0.01);
  assert.ok(Math.abs((shown({ phaseS: -0.009, missed: [50] }).framesMs ?? 0) - 9) < 0.01);
});

test("frames of a film that does not fit the display are not", () => {
  assert.equal(shown({ rate: 24, every: 1 }).framesMs, null);
});

test("a second of frames is needed, without a gap, on one line", () => {
  assert.equal(shown({ forS: 0.5 }).framesMs, null);
  const cadence = shown({});
  cadence.frame(4, 104, LINE);
  assert.equal(cadence.framesMs, null, "what came before the gap says nothing");
  const moved = shown({});
  moved.frame(3.03, 103.03, { ...LINE, revision: 4 });
  assert.equal(moved.framesMs, null);
});

test("a film that rests, or has yet to start, shows nothing", () => {
  const resting = new Cadence();
  for (let n = 0; n < 60; n += 1) resting.frame(1, 101 + n / 60, { ...LINE, playing: false });
  assert.equal(resting.framesMs, null);
  assert.equal(shown({ fromS: 97 }).framesMs, null);
});
