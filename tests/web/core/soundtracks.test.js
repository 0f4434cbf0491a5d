// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ownTrack, soundtrackFor, trackWords, wantedFrom, wantedTrack,
} from "../../../web/core/soundtracks.js";
import { FILM } from "../fixtures.js";

/** @param {Partial<import("../../../web/core/messages.js").AudioTrack>} changes */
const track = (changes) => ({
  index: 0, codec: "aac", language: "", title: "", channels: 2, default: false, mime: "", ...changes,
});
const ITEM = { ...FILM, audio_tracks: [track({ index: 0 }), track({ index: 1, default: true })] };

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
  { changes: { language: "ger", title: "German" }, words: "German · stereo" },
  { changes: { language: "und", channels: 1 }, words: "Track 1 · mono" },
  { changes: { index: 2, channels: 3 }, words: "Track 3 · 3 channels" },
]) {
  test(`a soundtrack is called "${words}"`, () => {
    assert.equal(trackWords(track(changes)), words);
  });
}

test("an own choice is found again: by its number in the same film, by language and name in others", () => {
  const tracks = [
    track({ index: 0, language: "eng" }),
    track({ index: 1, language: "fra", title: "Comments" }),
    track({ index: 2, language: "fra", default: true }),
  ];
  const film = { ...FILM, audio_tracks: tracks };
  const next = { ...film, id: "film2" };
  assert.equal(ownTrack(wantedTrack(film, 1), film), 1);
  assert.equal(ownTrack(wantedTrack(film, 1), next), 1);
  assert.equal(ownTrack({ index: 5, item: "x", language: "fra", title: "Stereo" }, next), 2);
  assert.equal(ownTrack({ index: 0, item: "x", language: "deu", title: "" }, next), null);
  assert.equal(ownTrack({ index: 0, item: "x", language: "und", title: "" }, next), null);
  assert.equal(ownTrack(null, film), null);
  assert.equal(wantedTrack(film, 7), null);
});

test("what a device remembers of soundtracks may be anything", () => {
  const wanted = { index: 1, item: "film1", language: "fra", title: "" };
  assert.deepEqual(wantedFrom(wanted), wanted);
  for (const nonsense of [null, 3, "x", {}, { ...wanted, index: "1" }, { ...wanted, title: 1 }]) {
    assert.equal(wantedFrom(nonsense), null);
  }
});
