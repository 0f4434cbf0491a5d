// @ts-check
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { capabilitiesFor } from "../../../web/edge/capabilities.js";
import { FakeVideo } from "../fakes.js";
import { FILM } from "../fixtures.js";

const VP9 = 'video/mp4; codecs="vp09.00.41.08"';
const OPUS = 'audio/mp4; codecs="opus"';
const SECOND = { index: 1, language: "", title: "", channels: 2, mime: 'audio/mp4; codecs="ac-3"' };
const ITEM = /** @type {any} */ ({
  ...FILM, video_mime: VP9, width: 1920, height: 1080, frame_rate: 50,
  audio_tracks: [{ ...SECOND, index: 0, mime: OPUS }, SECOND],
});

/** @type {any} */
const browser = globalThis;
const device = Object.getOwnPropertyDescriptor(globalThis, "navigator");

afterEach(() => {
  mock.timers.reset();
  delete browser.MediaSource;
  if (device) Object.defineProperty(globalThis, "navigator", device);
});

/** @param {((asked: any) => Promise<object>) | null} decodingInfo what the device says of itself */
function on(decodingInfo) {
  browser.MediaSource = { isTypeSupported: (/** @type {string} */ mime) => mime === VP9 || mime === OPUS };
  const mediaCapabilities = decodingInfo && { decodingInfo };
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { mediaCapabilities } });
}

const capabilities = (item = ITEM) => capabilitiesFor(item, /** @type {any} */ (new FakeVideo()));

test("a script's streams are told by their types, one by one", async () => {
  on(null);
  const { types, mse, smooth } = await capabilities();
  const anew = { 'video/mp4; codecs="avc1.640028"': false, 'audio/mp4; codecs="mp4a.40.2"': false };
  assert.deepEqual(types, { ...anew, [VP9]: true, [OPUS]: true, [SECOND.mime]: false });
  assert.deepEqual([mse, smooth], [true, true]);
});

test("a device that would not decode the picture in time says so, and of what size it was asked", async () => {
  /** @type {any[]} */
  const asked = [];
  on(async (question) => {
    asked.push(question);
    return { supported: true, smooth: false };
  });
  assert.equal((await capabilities()).smooth, false);
  const [{ video }] = asked;
  assert.deepEqual([video.contentType, video.width, video.height, video.framerate], [VP9, 1920, 1080, 50]);
});

test("H.264 is not asked about: there is nothing easier", async () => {
  on(async () => ({ supported: true, smooth: false }));
  assert.equal((await capabilities({ ...ITEM, video_mime: 'video/mp4; codecs="avc1.640028"' })).smooth, true);
});

test("what it plays, but not of this size, is too much; what it can't play at all is another matter", async () => {
  on(async () => ({ supported: false, smooth: false }));
  assert.equal((await capabilities()).smooth, false);
  const foreign = 'video/mp4; codecs="hvc1.1.6.L120.90"';
  assert.equal((await capabilities({ ...ITEM, video_mime: foreign })).smooth, true);
});

test("an error is no answer", async () => {
  on(() => Promise.reject(new TypeError("no such type")));
  assert.equal((await capabilities()).smooth, true);
});

test("a browser that never answers is not waited for", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  on(() => new Promise(() => {}));
  const asking = capabilities();
  mock.timers.tick(500);
  assert.equal((await asking).smooth, true);
});
