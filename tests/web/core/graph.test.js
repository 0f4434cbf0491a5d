// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { plotOf } from "../../../web/core/graph.js";

const REFRESH_S = 1 / 60;

test("the newest sample is at the right edge, and ahead is up", () => {
  const { lines, scaleMs } = plotOf([{ atS: 40, errorMs: 0 }, { atS: 100, errorMs: 10 }], [], 100, REFRESH_S);
  assert.equal(scaleMs, 20);
  assert.deepEqual(lines, [[{ x: 0, y: 0.5 }, { x: 1, y: 0.25 }]]);
});

test("where nothing was measured the line is broken", () => {
  const errorsMs = [1, 2, null, null, 3];
  const samples = errorsMs.map((errorMs, i) => ({ atS: i, errorMs }));
  assert.deepEqual(plotOf(samples, [], 5, REFRESH_S).lines.map((line) => line.length), [2, 1]);
});

test("one error that sticks out does not flatten the others", () => {
  const samples = Array.from({ length: 100 }, (_, i) => ({ atS: i / 4, errorMs: i === 50 ? 900 : 15 }));
  const { scaleMs, lines } = plotOf(samples, [], 25, REFRESH_S);
  assert.equal(scaleMs, 20);
  assert.equal(lines[0][50].y, 0);
});

test("the scale grows with the errors, and what is beyond all scales stays at the edge", () => {
  const scaleOf = (/** @type {number} */ errorMs) => plotOf([{ atS: 0, errorMs }], [], 0, REFRESH_S);
  assert.equal(scaleOf(-21).scaleMs, 50);
  assert.equal(scaleOf(150).scaleMs, 200);
  const far = scaleOf(-90_000);
  assert.equal(far.scaleMs, 5000);
  assert.equal(far.lines[0][0].y, 1);
});

test("a refresh ahead and behind is marked around zero", () => {
  const { top, bottom } = plotOf([], [], 0, 0.01).band;
  assert.equal(top, 0.25);
  assert.equal(bottom, 0.75);
});

test("seeks and starts stand where they happened", () => {
  const { deeds } = plotOf([], [{ atS: 70, kind: "seek" }], 100, REFRESH_S);
  assert.deepEqual(deeds, [{ x: 0.5, kind: "seek" }]);
});
