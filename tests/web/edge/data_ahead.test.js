// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { canGoOn, spans } from "../../../web/edge/data_ahead.js";

/**
 * @param {number} readyState
 * @param {number} currentTime
 * @param {[number, number][]} ranges buffered
 */
function element(readyState, currentTime, ranges) {
  const buffered = {
    length: ranges.length,
    start: (/** @type {number} */ i) => ranges[i][0],
    end: (/** @type {number} */ i) => ranges[i][1],
  };
  return /** @type {HTMLVideoElement} */ ({ readyState, buffered, currentTime, duration: 60 });
}

test("a browser that says it has data ahead is believed", () => {
  assert.equal(canGoOn(element(3, 10, []), true), true);
});

test("a browser that plays on while it says it has only this frame is seen through", () => {
  assert.equal(canGoOn(element(2, 10, [[0, 5], [8, 20]]), true), true);
});

test("a film whose data ends here is starved", () => {
  assert.equal(canGoOn(element(2, 10, [[0, 10.1], [30, 60]]), true), false);
  assert.equal(canGoOn(element(1, 10, [[0, 60]]), true), false);
});

test("at the very end nothing more is needed", () => {
  assert.equal(canGoOn(element(2, 59.95, [[0, 59.98]]), true), true);
});

test("at rest the frame itself is enough", () => {
  assert.equal(canGoOn(element(2, 10, []), false), true);
  assert.equal(canGoOn(element(1, 10, []), false), false);
});

test("what is there of the film is told as spans", () => {
  assert.deepEqual(spans(element(3, 10, [[0, 20], [30, 60]])), [[0, 20], [30, 60]]);
  assert.deepEqual(spans(element(0, 0, [])), []);
});
