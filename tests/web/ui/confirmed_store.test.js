// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { confirmedState, confirmedStore } from "../../../web/ui/confirmed_store.js";
import { PAUSED, room } from "../fixtures.js";

/** media-chrome's own store, as far as it matters here. */
class OwnStore {
  /** @type {Record<string, any>} */
  state = { mediaPaused: false, mediaVolume: 0.5 };
  /** @type {((state: any) => void)[]} */
  callbacks = [];
  /** @type {any[]} */
  actions = [];
  getState = () => this.state;
  dispatch = (/** @type {any} */ action) => this.actions.push(action);
  subscribe = (/** @type {(state: any) => void} */ callback) => {
    this.callbacks.push(callback);
    return () => this.callbacks.splice(this.callbacks.indexOf(callback), 1);
  };
}

test("the room's state stands before the element's; volume stays the element's own", () => {
  const own = new OwnStore();
  const store = confirmedStore(own, () => ({ mediaPaused: true }));
  assert.deepEqual(store.getState(), { mediaPaused: true, mediaVolume: 0.5 });
});

test("subscribers hear at once, on the element's changes, and on the room's", () => {
  const own = new OwnStore();
  let paused = true;
  const store = confirmedStore(own, () => ({ mediaPaused: paused }));
  /** @type {boolean[]} */
  const heard = [];
  const stop = store.subscribe(({ mediaPaused }) => heard.push(mediaPaused));
  own.callbacks.at(-1)?.(own.state);
  paused = false;
  store.refresh();
  stop();
  store.refresh();
  assert.deepEqual(heard, [true, true, false]);
});

test("the element's own store is never left without a subscriber", () => {
  const own = new OwnStore();
  const stop = confirmedStore(own, () => ({})).subscribe(() => {});
  stop();
  assert.equal(own.callbacks.length, 1);
});

test("what is asked of the element itself is passed on", () => {
  const own = new OwnStore();
  confirmedStore(own, () => ({})).dispatch("fullscreen");
  assert.deepEqual(own.actions, ["fullscreen"]);
});

test("controls show the room's speed and place, never the follower's corrections", () => {
  const state = room({ timeline: { ...PAUSED, playing: true, rate: 1.5 } });
  const shown = confirmedState(state, 20);
  assert.equal(shown.mediaPaused, false);
  assert.equal(shown.mediaPlaybackRate, 1.5);
  assert.equal(shown.mediaCurrentTime, 20);
  assert.deepEqual(shown.mediaSeekable, [0, 60]);
});
