// @ts-check
/** The clock filter learns what Python's learns from the same bursts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Clock } from "../../../web/core/clock.js";

const path = new URL("../../vectors/clock.json", import.meta.url);
const vectors = JSON.parse(readFileSync(path, "utf8"));

/**
 * @param {number | null} actual
 * @param {number | null} expected null: there is none yet
 * @param {string} what
 */
function same(actual, expected, what) {
  if (actual === null || expected === null) {
    assert.ok(expected === null && (actual === null || !Number.isFinite(actual)), what);
  } else {
    assert.ok(Math.abs(actual - expected) <= 1e-9, `${what}: ${actual}, not ${expected}`);
  }
}

/**
 * @param {Clock} clock
 * @param {any} step
 */
function play(clock, step) {
  if (step.do === "burst") {
    const probes = step.probes.map((/** @type {number[]} */ stamps) => ({
      sentS: stamps[0],
      receivedS: stamps[1],
      repliedS: stamps[2],
      returnedS: stamps[3],
    }));
    clock.addBurst(probes, step.local_s);
  } else if (step.do === "wall") {
    assert.equal(clock.checkWall(step.local_s, step.wall_s), step.dropped);
  } else if (step.do === "epoch") {
    assert.equal(clock.newEpoch(step.epoch, step.local_s), step.dropped);
  } else {
    clock.wake(step.local_s);
  }
}

for (const { name, steps } of vectors.cases) {
  test(name, () => {
    const clock = new Clock();
    for (const step of steps) {
      play(clock, step);
      const { then, local_s: localS } = step;
      assert.equal(clock.synchronised, then.synchronised);
      [0, 0.2, 1].forEach((laterS, index) => {
        same(clock.serverNow(localS + laterS), then.server_now[index], `server now +${laterS}`);
      });
      same(clock.localOf(localS + 1000), then.local_of, "local instant");
      same(clock.uncertaintyS, then.uncertainty_s, "uncertainty");
      same(clock.roundTripS, then.round_trip_s, "round trip");
      same(clock.nextBurstAt, then.next_burst_at, "next burst");
    }
  });
}
