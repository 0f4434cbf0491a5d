// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { soundtrackFor, trackWords } from "../../../web/core/soundtracks.js";
import { FILM } from "../fixtures.js";

/** @param {Partial<import("../../../web/core/messages.js").AudioTrack>} changes */
const track = (changes) => ({
  index: 0, codec: "aac", language: "", title: "", channels: 2, default: false, mime: "", ...changes,
});
const ITEM = { ...FILM, audio_tracks: [track({ index: 0 }), track({ index: 1, default: true })] };
const names = new Intl.DisplayNames("en", { type: "language" });
/** @param {string} code */
const languageName = (code) => names.of(code) ?? code;

test("the file's own default need not be asked for", () => {
  assert.equal(soundtrackFor(ITEM, null), null);
  assert.equal(soundtrackFor(ITEM, 1), null);
  assert.equal(soundtrackFor(ITEM, 0), 0);
  assert.equal(soundtrackFor({ ...ITEM, audio_tracks: [track({ index: 0 })] }, 0), null);
});

test("a track that the film does not have is no choice", () => {
  assert.equal(soundtrackFor(ITEM, 7), null);
  assert.equal(soundtrackFor(null, 0), null);
});

for (const { changes, words } of [
  { changes: { language: "fra", channels: 6 }, words: "French · 5.1" },
  { changes: { language: "eng", title: "Comments" }, words: "English · Comments · stereo" },
  { changes: { language: "und", channels: 1 }, words: "Track 1 · mono" },
  { changes: { index: 2, channels: 3 }, words: "Track 3 · 3 channels" },
]) {
  test(`a soundtrack is called "${words}"`, () => {
    assert.equal(trackWords(track(changes), languageName), words);
  });
}
