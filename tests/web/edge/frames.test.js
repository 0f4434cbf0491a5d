// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Frames } from "../../../web/edge/frames.js";

/** A video element that presents a frame when told to. */
class Screen {
  currentTime = 0;
  /** @type {((calledMs: number, shown: object) => void) | null} */
  #awaiting = null;

  /** @param {(calledMs: number, shown: object) => void} callback */
  requestVideoFrameCallback(callback) {
    this.#awaiting = callback;
  }

  /** @param {number} mediaTime @param {number} expectedDisplayTime ms */
  present(mediaTime, expectedDisplayTime) {
    const callback = this.#awaiting;
    this.#awaiting = null;
    callback?.(nowMs, { mediaTime, expectedDisplayTime });
  }
}

let nowMs = 0;

beforeEach(() => {
  nowMs = 5000;
  mock.method(performance, "now", () => nowMs);
  Object.assign(globalThis, { document: { hidden: false } });
});

afterEach(() => mock.restoreAll());

test("each frame comes with the media clock as it is at that moment", () => {
  const screen = new Screen();
  /** @type {number[][]} */
  const presented = [];
  new Frames(/** @type {any} */ (screen), (...frame) => presented.push(frame));
  screen.currentTime = 2.017;
  screen.present(2.0, 5016);
  nowMs = 5033;
  screen.currentTime = 2.05;
  screen.present(2.0333, 5049);
  assert.deepEqual(presented, [
    [2.0, 5.016, 2.017, 5],
    [2.0333, 5.049, 2.05, 5.033],
  ]);
});

test("frames that stop coming tell nothing about now, unless nothing moves", () => {
  const screen = new Screen();
  const frames = new Frames(/** @type {any} */ (screen), () => {});
  screen.present(2.0, 5016);
  assert.equal(frames.fresh(5.4, true), true);
  assert.equal(frames.fresh(5.6, true), false);
  assert.equal(frames.fresh(5.6, false), true);
  Object.assign(globalThis, { document: { hidden: true } });
  assert.equal(frames.fresh(5.1, true), false);
});

test("a browser without frame callbacks measures nothing", () => {
  const frames = new Frames(/** @type {any} */ ({ currentTime: 0 }), () => {});
  assert.equal(frames.fresh(5, true), false);
});
