// @ts-check
/** The timeline's arithmetic gives what Python gives. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  frameIndex, frameMiddle, glidesS, goesOn, instantOf, positionAt,
} from "../../../web/core/timeline.js";

const path = new URL("../../vectors/timeline.json", import.meta.url);
const vectors = JSON.parse(readFileSync(path, "utf8"));

/**
 * @param {number} actual
 * @param {any} vector
 */
function same(actual, vector) {
  const off = Math.abs(actual - vector.expected);
  assert.ok(off <= 1e-9, `${actual} for ${JSON.stringify(vector)}`);
}

test("a position at an instant", () => {
  for (const v of vectors.position_at) same(positionAt(v.timeline, v.now_s, v.duration_s), v);
});

test("the instant of a position", () => {
  for (const v of vectors.instant_of) same(instantOf(v.timeline, v.media_time_s), v);
});

test("whether a line goes on where another was", () => {
  for (const v of vectors.goes_on) {
    assert.equal(goesOn(v.before, v.after), v.expected, JSON.stringify(v));
  }
});

test("how far a glide moves a line", () => {
  for (const v of vectors.glides_s) {
    if (v.expected === null) assert.equal(glidesS(v.timeline), Infinity);
    else same(glidesS(v.timeline), v);
  }
});

test("the middle of a frame", () => {
  for (const v of vectors.frame_middle) {
    same(frameMiddle(v.position_s, v.frame_rate, v.duration_s), v);
  }
});

test("the number of a frame", () => {
  for (const v of vectors.frame_index) same(frameIndex(v.position_s, v.frame_rate), v);
});
