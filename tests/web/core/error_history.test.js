// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { ErrorHistory, EVERY_S, SPAN_S } from "../../../web/core/error_history.js";

/**
 * @param {(number | null)[]} errorsMs one every quarter of a second
 * @param {number} [fromS]
 */
function historyOf(errorsMs, fromS = 100) {
  const history = new ErrorHistory();
  errorsMs.forEach((errorMs, i) => history.add(fromS + i * EVERY_S, errorMs));
  return { history, endS: fromS + (errorsMs.length - 1) * EVERY_S };
}

test("nothing measured has no size", () => {
  const { history, endS } = historyOf([null, null]);
  assert.equal(history.p95(endS), null);
  assert.equal(new ErrorHistory().p95(0), null);
});

test("95 % of the sizes lie within it, whichever side they are on", () => {
  const errorsMs = Array.from({ length: 100 }, (_, i) => (i % 2 ? i + 1 : -(i + 1)));
  const { history, endS } = historyOf(errorsMs);
  assert.equal(history.p95(endS), 95);
});

test("moments in which nothing could be measured don't count", () => {
  const { history, endS } = historyOf([3, null, -3, null, null]);
  assert.equal(history.p95(endS), 3);
  assert.deepEqual(history.samples(endS).map(({ errorMs }) => errorMs), [3, null, -3, null, null]);
});

test("what is older than a minute is forgotten, also where nothing new comes", () => {
  const { history, endS } = historyOf([500, ...Array(300).fill(2)]);
  assert.equal(history.p95(endS), 2);
  assert.equal(history.p95(endS + SPAN_S + 1), null);
});

test("its memory is bounded, however often and for however long it is fed", () => {
  const history = new ErrorHistory();
  for (let i = 0; i < 100_000; i++) {
    history.add(i / 100, i);
    history.mark(i / 100, "seek");
  }
  assert.ok(history.samples(1000).length <= SPAN_S / EVERY_S + 1);
  assert.ok(history.deeds(1000).length <= 60);
});

test("seeks and starts are kept for a minute, and another film clears everything", () => {
  const { history, endS } = historyOf([1]);
  history.mark(endS, "seek");
  history.mark(endS + 50, "start");
  assert.deepEqual(history.deeds(endS + 61), [{ atS: endS + 50, kind: "start" }]);
  history.forget();
  assert.deepEqual(history.deeds(endS + 61), []);
  assert.deepEqual(history.samples(endS), []);
});
