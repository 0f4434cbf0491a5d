// @ts-check
import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { afterEach, beforeEach, mock, test } from "node:test";

import { loadLibrary, Stream } from "../../../web/edge/stream.js";
import { FakeHls } from "../fake_hls.js";
import { FakeVideo } from "../fakes.js";

/** @type {FakeVideo} */
let video;
/** @type {Stream} */
let stream;
/** @type {FakeHls} */
let hls;
/** @type {string[]} */
let failures;
/** @type {string[]} */
let obstacles;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  video = new FakeVideo();
  failures = [];
  obstacles = [];
  stream = new Stream(/** @type {any} */ (FakeHls), /** @type {any} */ (video), {
    failed: (what, why, failure) => failures.push(`${what}${failure === "sound" ? " (sound)" : ""}: ${why}`),
    changed: () => obstacles.push(stream.obstacle),
  });
  hls = FakeHls.last;
  stream.start("/main.m3u8");
  hls.levels.push({});
  hls.tell("MANIFEST_PARSED");
  hls.calls.length = 0;
});

afterEach(() => mock.timers.reset());

test("while a frame is awaited, little is fetched beyond it: that would slow its decoding", () => {
  /** @param {string} name @param {boolean} seeking */
  const happens = (name, seeking) => {
    video.seeking = seeking;
    video.dispatchEvent(new Event(name));
    return hls.config.maxBufferLength;
  };
  assert.ok(happens("loadeddata", false) >= 20);
  assert.ok(happens("seeking", true) <= 3);
  assert.ok(happens("seeked", true) <= 3, "that was another seek");
  assert.ok(happens("seeked", false) >= 20);
});

test("a browser that shows no frame of so little gets more", () => {
  video.readyState = 1;
  stream.start("/main.m3u8");
  assert.ok(hls.config.maxBufferLength <= 3);
  mock.timers.tick(2000);
  assert.ok(hls.config.maxBufferLength >= 20);
});

test("a network that is gone is asked again and again, and what was fetched stays", () => {
  assert.equal(hls.asksAgain(0, 0), true);
  assert.equal(hls.asksAgain(0, 6), false, "hls.js has its bounds");
  video.plays(20);
  for (let i = 0; i < 5; i++) {
    hls.calls.length = 0;
    hls.miss(0, true);
    mock.timers.tick(1000);
    assert.deepEqual(hls.calls, ["stop", "start 20"]);
  }
  assert.deepEqual(failures, []);
  assert.deepEqual(video.calls, []);
});

test("without a playlist yet, it is the playlist that is asked for again", () => {
  hls.levels.length = 0;
  hls.miss(0, true);
  mock.timers.tick(1000);
  assert.deepEqual(hls.calls, ["stop", "load /main.m3u8"]);
});

test("a place in the host's queue is kept by asking at least once a second, for ever", () => {
  const { errorRetry } = hls.config.fragLoadPolicy.default;
  assert.ok(errorRetry.maxRetryDelayMs <= 1000);
  assert.equal(hls.asksAgain(503, 3), true);
  hls.miss(503, true);
  mock.timers.tick(1000);
  assert.equal(hls.calls.at(-1), "start 0");
  assert.deepEqual(failures, []);
});

test("what the host can't make is not asked for again, and its own words are handed on", () => {
  assert.equal(hls.asksAgain(500, 0), false);
  hls.miss(500, false, "The host stopped converting this film.");
  assert.deepEqual(failures, ["host: The host stopped converting this film."]);
  mock.timers.tick(60_000);
  assert.deepEqual(hls.calls, ["stop"]);
});

test("sound that the host can't make is told from a picture", () => {
  hls.miss(500, false, "FFmpeg gave up on this sound.", "audio");
  assert.deepEqual(failures, ["host (sound): FFmpeg gave up on this sound."]);
});

test("what there is of a film is seen before it is said that there is no more", () => {
  video.buffered = { length: 1, start: () => 0, end: () => 20 };
  hls.miss(500, false, "FFmpeg gave up on this film.");
  mock.timers.tick(10_000);
  assert.deepEqual(failures, []);
  video.dispatchEvent(new Event("seeking"));
  assert.equal(hls.calls.at(-1), "start 0", "elsewhere there may be more");
  hls.miss(500, false, "FFmpeg gave up on this film.");
  video.plays(19.5);
  mock.timers.tick(1000);
  assert.deepEqual(failures, ["host: FFmpeg gave up on this film."]);
});

test("a film that is gone is waited for, with the host's words, and its last picture", () => {
  hls.miss(404, false, "The film is gone.");
  assert.equal(stream.obstacle, "The film is gone.");
  mock.timers.tick(4000);
  assert.deepEqual(hls.calls, ["stop"]);
  mock.timers.tick(1000);
  assert.deepEqual(hls.calls, ["stop", "start 0"]);
  hls.miss(404, false, "The film is gone.");
  hls.tell("FRAG_LOADED", { frag: { type: "main", duration: 3, stats: { loaded: 1, loading: { first: 0, end: 1 } } } });
  assert.deepEqual(obstacles, ["The film is gone.", ""]);
  assert.deepEqual(failures, []);
});

test("whoever plays or seeks does not wait for the next try", () => {
  hls.miss(404, false, "The film is gone.");
  video.dispatchEvent(new Event("seeking"));
  assert.deepEqual(hls.calls, ["stop", "start 0"]);
  mock.timers.tick(60_000);
  assert.deepEqual(hls.calls, ["stop", "start 0"]);
});

test("a stream that is closed asks for nothing more", () => {
  hls.miss(0, true);
  stream.close();
  mock.timers.tick(60_000);
  video.dispatchEvent(new Event("seeking"));
  assert.deepEqual(hls.calls, ["stop", "destroy"]);
});

test("what can't be decoded has failed", () => {
  hls.tell("ERROR", { type: FakeHls.ErrorTypes.MEDIA_ERROR, details: "bufferAppendError", fatal: true });
  assert.deepEqual(failures, ["media: bufferAppendError"]);
});

test("where the browser gave up a stream, the page attaches another: hls.js would play by itself", () => {
  hls.breaks();
  hls.breaks();
  assert.deepEqual(hls.calls, []);
  assert.deepEqual(failures, ["reset: mediaSourceRequiresReset"], "one break is told once");
});

test("a library that could not be had is had later, though browsers remember a failed import", async () => {
  /** @type {string[]} */
  const asked = [];
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith("/vendor/")) return next(specifier, context);
      if (asked.includes(specifier)) throw new Error("the same failure");
      asked.push(specifier);
      if (asked.length === 1) throw new Error("no network");
      return { url: "data:text/javascript,export default 'Hls'", shortCircuit: true };
    },
  });
  await assert.rejects(loadLibrary());
  assert.equal(await loadLibrary(), "Hls");
  assert.equal(await loadLibrary(), "Hls");
  assert.equal(asked.length, 2);
  hooks.deregister();
});
