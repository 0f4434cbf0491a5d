// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { showsAll, Smoothness } from "../../../web/core/smoothness.js";

/** A player that shows 30 frames a second, of which some are dropped. */
class Device {
  smoothness = new Smoothness();
  #counts = { total: 0, dropped: 0 };
  #looks = 0;

  /**
   * @param {number} seconds
   * @param {number} dropped frames of each second
   */
  plays(seconds, dropped) {
    for (let second = 0; second < seconds; second++) {
      for (let look = 0; look < 20; look++) {
        this.smoothness.look(++this.#looks / 20, () => ({ ...this.#counts }));
      }
      this.#counts.total += 30;
      this.#counts.dropped += dropped;
    }
  }
}

test("a display is blamed only for frames that it had no time for", () => {
  assert.equal(showsAll(60, 1 / 60), true);
  assert.equal(showsAll(60, 1 / 59.94), true);
  assert.equal(showsAll(60, 1 / 50), false);
  assert.equal(showsAll(2 * 30, 1 / 60), true);
  assert.equal(showsAll(2 * 60, 1 / 60), false);
  assert.equal(showsAll(60, null), false, "not measured yet");
  assert.equal(showsAll(25, null), true);
});

test("a film that plays well is not said to be too heavy", () => {
  const device = new Device();
  device.plays(60, 1);
  assert.equal(device.smoothness.slow, false);
});

test("a third of the frames dropped for several seconds is too slow", () => {
  const device = new Device();
  device.plays(4, 10);
  assert.equal(device.smoothness.slow, false);
  device.plays(4, 10);
  assert.equal(device.smoothness.slow, true);
});

test("one bad second now and then is no verdict", () => {
  const device = new Device();
  for (let i = 0; i < 20; i++) {
    device.plays(3, 20);
    device.plays(1, 0);
  }
  assert.equal(device.smoothness.slow, false);
});

test("the verdict is taken back after it went well for a while", () => {
  const device = new Device();
  device.plays(10, 15);
  device.plays(5, 0);
  assert.equal(device.smoothness.slow, true);
  device.plays(10, 0);
  assert.equal(device.smoothness.slow, false);
});

test("what was dropped while it paused does not count", () => {
  const device = new Device();
  for (let i = 0; i < 10; i++) {
    device.plays(1, 30);
    device.smoothness.pause();
  }
  assert.equal(device.smoothness.slow, false);
});

test("another film begins without the verdict of the last", () => {
  const device = new Device();
  device.plays(10, 15);
  device.smoothness.forget();
  assert.equal(device.smoothness.slow, false);
});
