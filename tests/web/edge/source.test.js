// @ts-check
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Source } from "../../../web/edge/source.js";
import { FakeVideo, hostThatPlans, hostWithoutPlans, settled } from "../fakes.js";
import { FILM } from "../fixtures.js";

/** @typedef {import("../../../web/edge/plan.js").Plan} Plan */

/** @type {import("../../../web/edge/source.js").Choice} */
const CHOICE = { quality: "original", audio: null };
/** @type {Plan} */
const DIRECT = {
  kind: "direct", url: "/media/film1", quality: "original", reasons: [], ladder: ["original", "720"],
};
/** @type {FakeVideo} */
let video;
/** @type {Source} */
let source;
/** @type {number} */
let attached;
/** @type {string[]} */
let failures;

beforeEach(() => {
  video = new FakeVideo();
  attached = 0;
  failures = [];
  source = new Source(/** @type {any} */ (video), {
    attached: () => (attached += 1),
    failed: (what, why) => failures.push(`${what} ${why}`),
    changed: () => {},
  });
});

// A browser with no way to feed an element takes a stream's address, as an old iPhone does.
/** @param {Partial<Plan>} changes */
const plan = (changes) => ({ ...DIRECT, ...changes });
const REMUX = plan({ kind: "remux", url: "/media/film1/hls/r/main.m3u8", reasons: ["no MKV", "no AC-3"] });
const CONVERT = plan({ kind: "convert", url: "/media/film1/hls/c/main.m3u8", reasons: ["no HEVC"] });

test("the host is told what the browser can, and its plan is carried out", async () => {
  const asked = hostThatPlans(() => DIRECT);
  source.open(FILM, { quality: "720", audio: 2 });
  assert.equal(source.form, "");
  await settled();
  const types = { 'video/mp4; codecs="avc1.640028"': true, 'audio/mp4; codecs="mp4a.40.2"': true };
  assert.deepEqual(asked, [
    { direct: true, types, mse: false, native_hls: true, smooth: true, quality: "720", audio: 2 },
  ]);
  assert.equal(video.getAttribute("src"), "/media/film1");
  assert.equal(source.form, "direct");
  assert.equal(source.intact, true);
});

test("the host chooses within what the network bears, and is asked anew once nothing limits it", async () => {
  const asked = hostThatPlans(({ bits_per_s }) => (bits_per_s ? { ...DIRECT, quality: "720" } : DIRECT));
  source.open(FILM, { ...CHOICE, bits_per_s: 2e6 });
  await settled();
  assert.equal(asked[0]?.bits_per_s, 2e6);
  assert.equal(source.quality, "720");
  source.choose(CHOICE);
  await settled();
  assert.equal(source.quality, "original");
});

test("a host that makes no plans has the file itself, and nothing to fall back on", async () => {
  hostWithoutPlans();
  source.open(FILM, CHOICE);
  await settled();
  assert.equal(video.getAttribute("src"), "/media/film1");
  assert.equal(source.fallBack("all"), false);
});

test("a form that fails is followed by a simpler one, until nothing is left", async () => {
  const plans = [DIRECT, REMUX, CONVERT];
  const asked = hostThatPlans(() => plans[asked.length - 1]);
  source.open(FILM, CHOICE);
  await settled();
  assert.equal(source.fallBack("all"), true);
  await settled();
  assert.equal(asked[1].direct, false);
  assert.equal(source.form, "remux");
  assert.equal(source.reason, "no MKV");
  assert.equal(source.fallBack("all"), true);
  await settled();
  assert.equal(source.form, "convert");
  assert.equal(source.fallBack("all"), false);
  assert.equal(asked.length, 3);
});

test("what the host could not make is not laid to the browser", async () => {
  const plans = [REMUX, plan({ ...CONVERT, reasons: ["this browser failed at the film’s own H.264"] })];
  const asked = hostThatPlans(() => plans[asked.length - 1]);
  source.open(FILM, CHOICE);
  await settled();
  assert.equal(source.fallBack("all", true), true);
  await settled();
  assert.equal(source.reason, "the host can’t send it as it is");
});

test("a host that has no other form than the one that failed ends the matter", async () => {
  hostThatPlans(() => DIRECT);
  source.open(FILM, CHOICE);
  await settled();
  assert.equal(source.fallBack("all"), true);
  await settled();
  assert.deepEqual(failures, ["none "]);
  assert.equal(source.fallBack("all"), false);
});

test("a film that is seen and not heard in any form goes on silently", async () => {
  hostThatPlans(() => REMUX);
  source.open(FILM, CHOICE);
  await settled();
  assert.equal(source.fallBack("sound"), true);
  await settled();
  assert.deepEqual(failures, ["silent "]);
  assert.equal(source.form, "remux");
});

test("without sound that the host could not make in any form, there is no film", async () => {
  hostThatPlans(() => REMUX);
  source.open(FILM, CHOICE);
  await settled();
  assert.equal(source.fallBack("sound", true), true);
  await settled();
  assert.deepEqual(failures, ["none "]);
});

test("after a fresh try that somebody asked for, the file is tried again", async () => {
  const asked = hostThatPlans(() => DIRECT);
  source.open(FILM, CHOICE);
  await settled();
  source.fallBack("all");
  await settled();
  source.forgive();
  source.reload();
  await settled();
  assert.equal(asked[2].direct, true);
});

test("another quality leaves the film alone until it can be had", async () => {
  hostThatPlans(({ quality }) => (quality === "720" ? { ...CONVERT, quality } : DIRECT));
  source.open(FILM, CHOICE);
  await settled();
  attached = 0;
  source.choose({ ...CHOICE, quality: "720" });
  assert.equal(video.getAttribute("src"), "/media/film1");
  await settled();
  assert.equal(video.getAttribute("src"), CONVERT.url);
  assert.equal(source.quality, "720");
  assert.equal(attached, 1);
});

test("what may be chosen is kept while the same film is begun anew", async () => {
  hostThatPlans(() => DIRECT);
  source.open(FILM, CHOICE);
  await settled();
  source.reload();
  assert.deepEqual(source.ladder, ["original", "720"]);
  source.open({ ...FILM, id: "film2" }, CHOICE);
  assert.deepEqual(source.ladder, []);
});

test("a choice that changes nothing for this film does not begin it anew", async () => {
  hostThatPlans(() => DIRECT);
  source.open(FILM, CHOICE);
  await settled();
  attached = 0;
  source.choose({ ...CHOICE, quality: "1080" });
  await settled();
  assert.equal(attached, 0);
});

test("a film that can't be played in any form says why", async () => {
  hostThatPlans(() => plan({ kind: "none", url: "", reasons: ["no decoder", "no ffmpeg"] }));
  source.open(FILM, CHOICE);
  await settled();
  assert.deepEqual(failures, ["none no decoder; no ffmpeg"]);
  assert.equal(source.form, "");
});

test("a host that can't be reached is a matter of time", async () => {
  hostThatPlans(() => {
    throw new TypeError("offline");
  });
  source.open(FILM, CHOICE);
  await settled();
  assert.deepEqual(failures, ["network TypeError: offline"]);
});

test("a film that plays, plays on while the host has no answer", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let reachable = true;
  hostThatPlans(({ quality }) => {
    if (!reachable) throw new TypeError("offline");
    return quality === "720" ? CONVERT : DIRECT;
  });
  source.open(FILM, CHOICE);
  await settled();
  reachable = false;
  source.choose({ ...CHOICE, quality: "720" });
  await settled();
  assert.deepEqual(failures, []);
  assert.equal(source.form, "direct");
  reachable = true;
  mock.timers.tick(3000);
  await settled();
  assert.equal(source.form, "convert");
  mock.timers.reset();
});

test("an answer about a film that was left meanwhile is not carried out", async () => {
  hostThatPlans(() => DIRECT);
  source.open(FILM, CHOICE);
  source.open(null, CHOICE);
  await settled();
  assert.equal(video.getAttribute("src"), null);
});

test("what a script put into the element is noticed", async () => {
  hostThatPlans(() => DIRECT);
  source.open(FILM, CHOICE);
  assert.equal(source.intact, true);
  await settled();
  video.src = "/elsewhere.mp4";
  assert.equal(source.intact, false);
});
