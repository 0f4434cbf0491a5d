// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { MediaKeys } from "../../../web/edge/media_session.js";
import { FILM, PAUSED, room } from "../fixtures.js";

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
      /** @param {object} fields */
      constructor(fields) {
        Object.assign(this, fields);
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
  assert.deepEqual({ ...session.metadata }, {
    title: "A Film", artist: "Friday", album: "", artwork: [],
  });
  assert.deepEqual(session.position, { duration: 60, position: 60, playbackRate: 1.5 });
  keys.show(room({ item: null }), 0);
  assert.equal(session.playbackState, "none");
  assert.equal(session.metadata, null);
});

test("a piece of music is shown with its cover and who plays it, each though titles are alike", () => {
  const keys = new MediaKeys(() => {});
  const piece = { ...FILM, cover: true, video_codec: null, artist: "Ensemble", album: "First" };
  keys.show(room({ item: piece }), 0);
  keys.show(room({ item: { ...piece, id: "film2", album: "Second" } }), 0);
  assert.deepEqual({ ...session.metadata }, {
    title: "A Film", artist: "Ensemble", album: "Second", artwork: [{ src: "/media/film2/cover" }],
  });
});

test("a browser without a media session is fine", () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  new MediaKeys(() => {}).show(room(), 0);
});
