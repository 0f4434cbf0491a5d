// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Trial } from "../../../web/edge/trial.js";
import { FakeVideo, settled } from "../fakes.js";
import { FILM } from "../fixtures.js";

/** @type {FakeVideo & {webkitAudioDecodedByteCount?: number, mozHasAudio?: boolean, played?: any}} */
let video;
/** @type {Trial} */
let trial;
/** @type {number} */
let status;
/** @type {number} */
let again;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  status = 206;
  again = 0;
  mock.method(globalThis, "fetch", async () => new Response("", { status }));
  Object.assign(globalThis, { MediaError: { MEDIA_ERR_NETWORK: 2 } });
  video = new FakeVideo();
  trial = new Trial(/** @type {any} */ (video), () => {}, () => (again += 1));
  trial.begin(FILM, "/media/film1");
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** @param {number} code */
async function fail(code) {
  video.error = { code };
  video.dispatchEvent(new Event("error"));
  await settled();
}

/** @param {number} seconds */
function play(seconds) {
  video.dispatchEvent(new Event("loadedmetadata"));
  video.played = { length: 1, start: () => 0, end: () => seconds };
  video.dispatchEvent(new Event("timeupdate"));
}

test("a film of a foreign codec says why; another film starts afresh", async () => {
  await fail(4);
  assert.match(trial.trouble, /can’t play H\.264 video with AAC sound/);
  trial.begin({ ...FILM, id: "film2" }, "/media/film2");
  assert.equal(trial.trouble, "");
});

test("a film without its picture says so, until a picture comes", async () => {
  video.videoWidth = 0;
  video.dispatchEvent(new Event("loadedmetadata"));
  await settled();
  assert.equal(trial.trouble, "", "it may come a moment later");
  mock.timers.tick(1000);
  await settled();
  assert.match(trial.trouble, /can’t show H\.264/);
  video.videoWidth = 640;
  video.dispatchEvent(new Event("resize"));
  await settled();
  assert.equal(trial.trouble, "");
});

for (const [what, arrange] of /** @type {[string, () => number][]} */ ([
  ["a film that is gone", () => ((status = 404), 4)],
  ["a network that broke", () => 2],
])) {
  test(`${what} is not blamed on codecs, and is tried again`, async () => {
    await fail(arrange());
    assert.equal(trial.trouble, "");
    mock.timers.tick(3000);
    assert.equal(again, 1);
  });
}

test("an answer about a film that was left meanwhile counts for nothing", async () => {
  video.error = { code: 4 };
  video.dispatchEvent(new Event("error"));
  trial.begin({ ...FILM, id: "film2" }, "/media/film2");
  await settled();
  assert.equal(trial.trouble, "");
});

test("an answer about another form of the same film counts for nothing", async () => {
  video.error = { code: 4 };
  video.dispatchEvent(new Event("error"));
  trial.begin(FILM, "/media/film1/hls/main.m3u8");
  await settled();
  assert.equal(trial.trouble, "");
});

test("a film whose sound is never decoded is called silent, once enough was played", () => {
  video.webkitAudioDecodedByteCount = 0;
  play(1);
  assert.equal(trial.silence, "");
  play(2.5);
  assert.match(trial.silence, /can’t play its AAC sound/);
});

test("a film that stays silent whatever is tried is no trouble", () => {
  trial.hush({ ...FILM, audio_codec: "unknown" });
  assert.match(trial.silence, /Neither this browser nor the host/);
  assert.equal(trial.trouble, "");
});

test("what was played of the film before says nothing of this one's sound", () => {
  video.webkitAudioDecodedByteCount = 0;
  video.played = { length: 1, start: () => 0, end: () => 60 };
  video.dispatchEvent(new Event("timeupdate"));
  assert.equal(trial.silence, "");
});

test("decoded sound, a film without any, and a browser that does not tell are no complaint", () => {
  play(5);
  assert.equal(trial.silence, "");
  trial.begin({ ...FILM, audio_codec: null }, "/media/film1");
  video.mozHasAudio = false;
  play(5);
  assert.equal(trial.silence, "");
  trial.begin(FILM, "/media/film1");
  video.webkitAudioDecodedByteCount = 4096;
  play(5);
  assert.equal(trial.silence, "");
});
