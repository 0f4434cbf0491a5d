// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { MediaKeys } from "../../../web/edge/media_session.js";
import { PAUSED, room } from "../fixtures.js";

/** The browser's media session, which does not know `stop`. */
class FakeSession {
  /** @type {Record<string, (details: object) => void>} */
  handlers = {};
  playbackState = "";
  /** @type {any} */
  metadata = null;
  /** @type {any} */
  position = null;

  /** @param {string} action @param {(details: object) => void} handler */
  setActionHandler(action, handler) {
    if (action === "stop") throw new TypeError("unknown action");
    this.handlers[action] = handler;
  }

  /** @param {object} position */
  setPositionState(position) {
    this.position = position;
  }
}

/** @type {FakeSession} */
let session;

beforeEach(() => {
  session = new FakeSession();
  Object.defineProperty(globalThis, "navigator", {
    value: { mediaSession: session },
    configurable: true,
  });
  Object.assign(globalThis, {
    MediaMetadata: class {
      /** @param {{title: string, artist: string}} fields */
      constructor({ title, artist }) {
        this.title = title;
        this.artist = artist;
      }
    },
  });
});

test("media keys and headset buttons are wishes like any other", () => {
  /** @type {any[]} */
  const wishes = [];
  new MediaKeys((wish) => wishes.push(wish));
  session.handlers.play({});
  session.handlers.pause({});
  session.handlers.seekto({ seekTime: 12 });
  session.handlers.seekbackward({});
  session.handlers.seekforward({ seekOffset: 30 });
  assert.deepEqual(wishes, [
    { kind: "play" },
    { kind: "pause" },
    { kind: "seek", positionS: 12 },
    { kind: "nudge", byS: -10 },
    { kind: "nudge", byS: 30 },
  ]);
});

test("lock screens show the room's state", () => {
  const keys = new MediaKeys(() => {});
  keys.show(room({ timeline: { ...PAUSED, playing: true, rate: 1.5 } }), 61);
  assert.equal(session.playbackState, "playing");
  assert.deepEqual({ ...session.metadata }, { title: "A Film", artist: "Friday" });
  assert.deepEqual(session.position, { duration: 60, position: 60, playbackRate: 1.5 });
  keys.show(room({ item: null }), 0);
  assert.equal(session.playbackState, "none");
  assert.equal(session.metadata, null);
});

test("a browser without a media session is fine", () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  new MediaKeys(() => {}).show(room(), 0);
});
