// @ts-check
/** The rate controller's dead band: what the vectors of whole followers can't tell apart. */

import assert from "node:assert/strict";
import test from "node:test";

import { RateController } from "../../../web/core/rate.js";
import { BROWSER } from "../../../web/core/tuning.js";

const BETWEEN_S = (BROWSER.deadBandInS + BROWSER.deadBandOutS) / 2;

/**
 * @param {RateController} rate
 * @param {number} errorS
 * @param {number} nowS
 */
function wanted(rate, errorS, nowS) {
  return rate.wanted(errorS, 1, nowS, { speed: 1, widen: 1, muted: false, brisk: false });
}

test("a small error that lasts is mended after all", () => {
  const rate = new RateController(BROWSER);
  assert.equal(wanted(rate, 0, 0), 1);
  assert.equal(wanted(rate, BETWEEN_S, 1), 1);
  assert.equal(wanted(rate, BETWEEN_S, 0.9 + BROWSER.edgeS), 1);
  assert.ok(wanted(rate, BETWEEN_S, 1.1 + BROWSER.edgeS) < 1);
});

test("a small error that comes and goes, or changes sides, is left alone", () => {
  const rate = new RateController(BROWSER);
  wanted(rate, 0, 0);
  for (let tick = 1; tick < 100; tick++) assert.equal(wanted(rate, tick % 5 ? BETWEEN_S : 0, tick), 1);
  for (let tick = 100; tick < 200; tick++) {
    assert.equal(wanted(rate, tick % 7 ? BETWEEN_S : -BETWEEN_S, tick), 1);
  }
});
