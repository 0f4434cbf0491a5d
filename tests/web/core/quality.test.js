// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { AutomaticQuality, isChoice, QUALITIES } from "../../../web/core/quality.js";

/** @type {AutomaticQuality} */
let automatic;
/** @type {number} */
let nowS;

beforeEach(() => {
  automatic = new AutomaticQuality();
  nowS = 1000;
  automatic.begin(nowS);
  automatic.offer(QUALITIES, "");
});

/**
 * Play on, looking four times a second.
 * @param {number} forS
 * @param {Partial<import("../../../web/core/quality.js").Health>} [health]
 * @returns {string[]} what was changed to
 */
function play(forS, health = {}) {
  const changes = [];
  for (const endS = nowS + forS; nowS < endS; nowS += 0.25) {
    const change = automatic.look({
      nowS, starving: false, undisturbedS: 100, ratio: null, current: false, aheadS: 20, bitsPerS: null, ...health,
    });
    if (change) changes.push(change);
  }
  return changes;
}

test("a film that plays well stays as it is", () => {
  assert.deepEqual(play(600), []);
  assert.equal(automatic.rung, "original");
});

test("one short stall is bad luck, a second soon after is not", () => {
  assert.deepEqual(play(2, { starving: true }), []);
  assert.deepEqual(play(10), []);
  assert.deepEqual(play(2, { starving: true }), ["1080"]);
});

test("stalls that are far apart are forgotten", () => {
  play(2, { starving: true });
  play(100);
  assert.deepEqual(play(2, { starving: true }), []);
});

test("a long wait calls for less at once", () => {
  assert.deepEqual(play(8.5, { starving: true }), ["1080"]);
});

test("a film that begins or was moved may wait for its data", () => {
  assert.deepEqual(play(20, { starving: true, undisturbedS: 3 }), []);
});

test("data that comes too slowly calls for less before the film stalls", () => {
  assert.deepEqual(play(1, { ratio: 0.9, aheadS: 10 }), []);
  assert.deepEqual(play(0.25, { ratio: 0.9, aheadS: 3 }), ["1080"]);
});

test("what is measured since counts at once after the film began or was moved, else not", () => {
  const running = { ratio: 0.6, aheadS: 2, undisturbedS: 1 };
  assert.deepEqual(play(3, running), []);
  assert.deepEqual(play(0.25, { ...running, current: true }), ["1080"]);
  assert.deepEqual(play(7, { ...running, current: true }), []);
});

test("down to 480, and never to sound alone", () => {
  const changes = play(60, { ratio: 0.5, aheadS: 1 });
  assert.deepEqual(changes, ["1080", "720", "480"]);
});

test("a step is given its time before the next: the host must answer, and the buffer fill", () => {
  assert.deepEqual(play(7, { ratio: 0.5, aheadS: 1 }), ["1080"]);
  assert.deepEqual(play(2, { ratio: 0.5, aheadS: 1 }), ["720"]);
});

test("a film too large to be converted as it is goes down from the first that there is", () => {
  automatic.offer(["1080", "720", "480", "audio"], "");
  assert.deepEqual(play(0.25, { ratio: 0.5, aheadS: 1 }), ["720"]);
  assert.deepEqual(play(200, { ratio: 5 }), ["1080"]);
});

test("before the host has offered anything nothing is asked for", () => {
  automatic.offer([], "");
  assert.deepEqual(play(60, { ratio: 0.5, aheadS: 1 }), []);
});

test("only what the host offers of the film is asked for", () => {
  automatic.offer(["original", "480", "audio"], "");
  assert.deepEqual(play(60, { ratio: 0.5, aheadS: 1 }), ["480"]);
});

test("up after a long calm where data comes amply, and not otherwise", () => {
  play(0.25, { ratio: 0.5, aheadS: 1 });
  assert.deepEqual(play(170, { ratio: 5 }), []);
  assert.deepEqual(play(20, { ratio: 5 }), ["original"]);
  play(0.25, { ratio: 0.5, aheadS: 1 });
  assert.deepEqual(play(1000, { ratio: 2 }), []);
});

test("what is forgotten is neither calm nor a stall", () => {
  play(2, { starving: true });
  automatic.settle();
  assert.deepEqual(play(2, { starving: true }), []);
  automatic.begin(nowS);
  automatic.offer(QUALITIES, "");
  play(0.25, { ratio: 0.5, aheadS: 1 });
  play(170, { ratio: 5 });
  automatic.settle();
  assert.deepEqual(play(170, { ratio: 5 }), []);
});

test("a step up that failed is tried again much later", () => {
  play(0.25, { ratio: 0.5, aheadS: 1 });
  play(181, { ratio: 5 });
  assert.equal(automatic.rung, "original");
  assert.deepEqual(play(8, { ratio: 0.5, aheadS: 1 }), ["1080"]);
  assert.deepEqual(play(350, { ratio: 5 }), []);
  assert.deepEqual(play(20, { ratio: 5 }), ["original"]);
});

test("another film starts at its best", () => {
  play(0.25, { ratio: 0.5, aheadS: 1 });
  automatic.begin(nowS);
  assert.equal(automatic.rung, "original");
  assert.equal(automatic.limit, null);
});

test("after a film that had to do with less the host chooses within what the network brought", () => {
  play(0.25, { ratio: 0.5, aheadS: 1 });
  play(20, { ratio: 2, bitsPerS: 3e6 });
  automatic.begin(nowS);
  assert.equal(automatic.limit, 3e6);
  automatic.offer(QUALITIES, "720");
  assert.equal(automatic.rung, "720");
  assert.deepEqual(play(185, { ratio: 5, bitsPerS: 9e6 }), ["1080"]);
  assert.equal(automatic.limit, null);
});

test("a network that was enough, or was measured long ago, limits no film", () => {
  play(20, { ratio: 2, bitsPerS: 9e6 });
  automatic.begin(nowS);
  assert.equal(automatic.limit, null);
  automatic.offer(QUALITIES, "");
  play(0.25, { ratio: 0.5, aheadS: 1, bitsPerS: 3e6 });
  automatic.begin(nowS + 400);
  assert.equal(automatic.limit, null);
});

test("what a device remembers may be anything", () => {
  assert.equal(isChoice("720"), true);
  assert.equal(isChoice("auto"), true);
  assert.equal(isChoice("toString"), false);
  assert.equal(isChoice(null), false);
});
