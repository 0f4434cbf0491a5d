// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { reduce } from "../../../web/core/store.js";
import { Curtain } from "../../../web/ui/curtain.js";
import { FakePage } from "../fakes.js";
import { room } from "../fixtures.js";

/** @typedef {import("../../../web/edge/player.js").Playback} Playback */

/** @type {FakePage} */
let page;
/** @type {Curtain} */
let curtain;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  page = new FakePage();
  page.byId("curtain").hidden = true;
  curtain = new Curtain(() => {});
});

afterEach(() => mock.timers.reset());

/** @param {Partial<Playback>} changes @param {number} [progress] of a conversion */
function show(changes, progress) {
  const playback = /** @type {Playback} */ ({ state: "loading", reason: "", blocked: false, renditions: [], ...changes });
  const preparation = { item: "film1", what: "convert", state: "running", progress, left_s: null, place: 0, message: "" };
  const state = progress === undefined ? room() : reduce(room(), /** @type {any} */ ({ type: "preparation", ...preparation }));
  curtain.show(playback, state);
}

/** What is seen; null: no curtain. */
const seen = () => (page.byId("curtain").hidden ? null : page.byId("curtain-text").textContent);

test("a wait that is over at once is not worth a word", () => {
  show({ state: "buffering" });
  mock.timers.tick(600);
  show({ state: "in_sync" });
  mock.timers.tick(1000);
  assert.equal(seen(), null);
});

test("words that change while one waits don't keep the curtain away", () => {
  for (let i = 1; i <= 8; i++) {
    show({ state: "buffering" }, i / 10);
    mock.timers.tick(100);
  }
  assert.equal(seen(), "Converting the film · 80 %");
});

test("a curtain that is there says at once what is new", () => {
  show({ state: "buffering" }, 0.5);
  mock.timers.tick(1000);
  show({ state: "buffering" }, 0.51);
  assert.equal(seen(), "Converting the film · 51 %");
});

test("why a film can't be played is seen and read out; how far a conversion is, is seen only", () => {
  show({ state: "buffering" }, 0.5);
  mock.timers.tick(1000);
  assert.equal(page.byId("curtain-spoken").textContent, "");
  show({ state: "cannot_play", reason: "No." });
  assert.equal(seen(), "No.");
  assert.equal(page.byId("curtain-spoken").textContent, "No.");
  assert.equal(page.byId("curtain-button").textContent, "Try again");
});
