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

test("what plays for long without a frame has none, until one comes", () => {
  const screen = new Screen();
  const frames = new Frames(/** @type {any} */ (screen), () => {});
  const looks = (/** @type {number} */ fromS, /** @type {number} */ toS, flowing = true) => {
    for (let nowS = fromS; nowS < toS; nowS += 0.05) frames.look(nowS, flowing);
    return frames.none;
  };
  assert.equal(looks(10, 11), false, "a start takes its time");
  assert.equal(looks(11, 20, false), false, "what waits for data shows nothing");
  assert.equal(looks(20, 23), true);
  assert.equal(looks(23, 30, false), true, "at rest it is the same");
  nowMs = 30_000;
  screen.present(2.0, 30_016);
  assert.equal(looks(30, 30.4), false);
});

test("a hidden page's film has frames, for all one knows", () => {
  const frames = new Frames(/** @type {any} */ (new Screen()), () => {});
  Object.assign(globalThis, { document: { hidden: true } });
  for (let nowS = 10; nowS < 20; nowS += 0.05) frames.look(nowS, true);
  assert.equal(frames.none, false);
});

test("a browser without frame callbacks measures nothing", () => {
  const frames = new Frames(/** @type {any} */ ({ currentTime: 0 }), () => {});
  assert.equal(frames.fresh(5, true), false);
});
