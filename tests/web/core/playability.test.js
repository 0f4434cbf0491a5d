// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { whyUnplayable } from "../../../web/core/playability.js";
import { FILM } from "../fixtures.js";

const FINE = { errorCode: 0, hasMetadata: true, videoWidth: 640 };

test("a film that plays has nothing against it", () => {
  assert.equal(whyUnplayable(FILM, FINE), "");
  assert.equal(whyUnplayable(FILM, { ...FINE, hasMetadata: false, videoWidth: 0 }), "");
});

test("the codecs that can't be played are named", () => {
  const film = { ...FILM, video_codec: "hevc", audio_codec: "ac3" };
  assert.equal(
    whyUnplayable(film, { ...FINE, errorCode: 4 }),
    "This browser can’t play H.265 (HEVC) video with AC-3 sound.",
  );
  assert.match(whyUnplayable(film, { ...FINE, errorCode: 3 }), /stumbled .* H\.265/);
});

test("sound without its picture is no film", () => {
  const film = { ...FILM, video_codec: "hevc" };
  assert.match(whyUnplayable(film, { ...FINE, videoWidth: 0 }), /can’t show H\.265/);
});

test("a film that is sound only needs no picture", () => {
  assert.equal(whyUnplayable({ ...FILM, video_codec: null }, { ...FINE, videoWidth: 0 }), "");
});

test("an unknown codec is still named", () => {
  const film = { ...FILM, video_codec: "rv40", audio_codec: null };
  assert.match(whyUnplayable(film, { ...FINE, errorCode: 4 }), /RV40 video\./);
});

test("sound of a kind that has no name is left out", () => {
  const film = { ...FILM, audio_codec: "unknown" };
  assert.equal(whyUnplayable(film, { ...FINE, errorCode: 4 }), "This browser can’t play H.264 video.");
});

test("a network error says nothing about the codecs", () => {
  assert.equal(whyUnplayable(FILM, { ...FINE, errorCode: 2 }), "");
});
