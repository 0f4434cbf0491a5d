// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Loading } from "../../../web/core/loading.js";

/** @type {Loading} */
let loading;
let nowS = 0;
let untilS = 0;

beforeEach(() => {
  loading = new Loading();
  [nowS, untilS] = [1000, 30];
});

/**
 * Look twenty times a second while the buffer grows in steps, as browsers tell it.
 * @param {number} forS
 * @param {number} speed how much faster than time it grows
 * @param {Partial<import("../../../web/core/loading.js").Progress>} [progress]
 */
function grows(forS, speed, progress = {}) {
  const beganS = nowS;
  const fromS = untilS;
  for (; nowS < beganS + forS; nowS += 0.05) {
    untilS = fromS + speed * Math.floor((nowS - beganS) / 0.25) * 0.25;
    loading.look({ nowS, reading: true, resting: false, rate: 1, untilS, ...progress });
  }
}

/** @param {number} wanted */
function near(wanted) {
  const { ratio } = loading;
  assert.ok(ratio !== null && Math.abs(ratio - wanted) < 0.03, `${ratio} instead of ${wanted}`);
}

test("nothing is known at first, nor within a few seconds", () => {
  assert.equal(loading.ratio, null);
  grows(2, 0.5);
  assert.equal(loading.ratio, null);
});

test("what grows at half the speed comes half as fast as it plays", () => {
  grows(6, 0.5);
  near(0.5);
});

test("at twice the room's speed it plays twice as much", () => {
  grows(6, 1, { rate: 2 });
  near(0.5);
});

test("a full buffer says nothing: it grows by what is played, and is filled in one go", () => {
  for (let i = 0; i < 10; i++) {
    grows(0.5, 4);
    grows(1.5, 0, { reading: false });
  }
  assert.equal(loading.ratio, null);
});

test("a player that takes just what it plays says nothing of the network", () => {
  grows(10, 1);
  assert.equal(loading.ratio, null);
});

test("a network that has become thin is seen within its window", () => {
  grows(20, 3);
  near(3);
  grows(11, 0.6);
  near(0.6);
});

test("an outage is not a thin network", () => {
  grows(2, 3);
  grows(7, 0);
  grows(2, 3);
  assert.equal(loading.ratio, null);
});

test("what came before a jump or a pause does not count", () => {
  for (const change of [() => (untilS -= 20), () => grows(1, 0.5, { reading: false })]) {
    grows(6, 0.5);
    near(0.5);
    change();
    grows(2, 0.5);
    assert.equal(loading.ratio, null);
  }
  grows(6, 0.5, { resting: true });
  near(0.5);
  grows(2, 0.5);
  assert.equal(loading.ratio, null);
});
