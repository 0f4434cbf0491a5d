// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { OutOfStep } from "../../../web/core/out_of_step.js";

/**
 * The verdicts after each of some seconds with an error of these sizes.
 * @param {(number | null)[]} errorsMs
 * @param {number} [leftAloneMs]
 */
function verdicts(errorsMs, leftAloneMs = 20) {
  const outOfStep = new OutOfStep(leftAloneMs);
  return errorsMs.map((errorMs, second) => {
    outOfStep.look(second, errorMs);
    return outOfStep.verdict;
  });
}

test("who is far off for seconds is told so, until they are back", () => {
  const found = verdicts([5, -300, -310, -320, -330, -340, -350, -360, -12]);
  assert.deepEqual(found, [false, false, false, false, false, false, true, true, false]);
});

test("a seek that does not help does not begin the wait anew, nor takes the word back", () => {
  assert.deepEqual(
    verdicts([-200, -300, null, -200, null, null, -200, null, -200]),
    [false, false, false, false, false, false, true, true, true],
  );
});

test("of whom nothing is known for seconds, nothing is said", () => {
  assert.equal(verdicts([90, 90, 90, null, null, null, null, 90, 90, 90, 90]).includes(true), false);
});

test("a room that moves begins the wait anew", () => {
  const outOfStep = new OutOfStep(20);
  for (let second = 0; second < 20; second++) {
    if (second % 4 === 0) outOfStep.forget();
    outOfStep.look(second, 90);
    assert.equal(outOfStep.verdict, false);
  }
});

test("nobody is out of step with a room that rests", () => {
  const outOfStep = new OutOfStep(20);
  for (let second = 0; second < 8; second++) outOfStep.look(second, 90);
  assert.equal(outOfStep.verdict, true);
  outOfStep.look(8, null, false);
  assert.equal(outOfStep.verdict, false);
});

test("what is left alone on purpose is nobody's trouble", () => {
  assert.equal(verdicts(Array(20).fill(55), 60).includes(true), false);
  assert.equal(verdicts(Array(20).fill(65), 60).at(-1), true);
});
