// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Throughput } from "../../../web/core/throughput.js";

/** @type {Throughput} */
let throughput;

beforeEach(() => {
  throughput = new Throughput();
});

/**
 * A segment of 3 s.
 * @param {string} kind
 * @param {number} bits
 * @param {number} firstByteS
 * @param {number} lastByteS
 */
function comes(kind, bits, firstByteS, lastByteS) {
  throughput.add({ kind, bits, durationS: 3, firstByteS, lastByteS });
}

/** @param {number} value @param {number} wanted */
function near(value, wanted) {
  assert.ok(Math.abs(value - wanted) < 1e-9, `${value} instead of ${wanted}`);
}

test("before anything has come nothing is known", () => {
  assert.equal(throughput.ratio, null);
  assert.equal(throughput.bitsPerS, null);
});

test("three seconds of film in one second come three times as fast", () => {
  comes("main", 3000, 10, 11);
  near(throughput.ratio ?? 0, 3);
  near(throughput.bitsPerS ?? 0, 3000);
});

test("sound that comes beside the picture takes no time of its own", () => {
  comes("audio", 300, 10.2, 10.7);
  comes("main", 2700, 10, 11);
  comes("audio", 300, 12, 12.5);
  comes("main", 2700, 12, 13);
  near(throughput.ratio ?? 0, 3);
});

test("one after the other they take the time of both, and both must come", () => {
  comes("main", 2700, 10, 11);
  comes("audio", 300, 11, 13);
  near(throughput.ratio ?? 0, 1);
});

test("a network that has become thin is seen within a few segments", () => {
  for (let i = 0; i < 10; i++) comes("main", 3000, 10 * i, 10 * i + 1);
  for (let i = 10; i < 16; i++) comes("main", 3000, 10 * i, 10 * i + 6);
  near(throughput.ratio ?? 0, 0.5);
});

test("what does not play tells nothing of the film's rate", () => {
  throughput.add({ kind: "main", bits: 100, durationS: 0, firstByteS: 1, lastByteS: 1.1 });
  assert.equal(throughput.ratio, null);
});
