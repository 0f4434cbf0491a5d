// @ts-check
import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { beforeEach, mock, test } from "node:test";

import { Film } from "../../../web/edge/element.js";
import { FakeHls } from "../fake_hls.js";
import { FakeVideo, hostThatPlans, hostWithoutPlans, settled } from "../fakes.js";
import { FILM } from "../fixtures.js";

/** @type {FakeVideo} */
let video;
/** @type {any[]} */
let wishes;
/** @type {number} */
let reloads;
/** @type {number} */
let misses;
/** @type {Film} */
let film;
/** @type {{hidden: boolean}} */
let page;

/** @type {import("../../../web/edge/source.js").Choice} */
const CHOICE = { quality: "original", audio: null };

beforeEach(async () => {
  hostWithoutPlans();
  page = { hidden: false };
  Object.assign(globalThis, { document: page, MediaError: { MEDIA_ERR_NETWORK: 2 } });
  video = new FakeVideo();
  wishes = [];
  film = new Film(/** @type {any} */ (video), {
    changed: () => {},
    reloaded: () => (reloads += 1),
    missed: () => (misses += 1),
    interfered: (wish) => wishes.push(wish),
  });
  film.load(FILM, CHOICE);
  await settled();
  video.calls.length = 0;
  reloads = 0;
  misses = 0;
});

const nowS = () => performance.now() / 1000;

test("a film is loaded by its id, and once", async () => {
  film.load({ ...FILM, id: "a b" }, CHOICE);
  film.load({ ...FILM, id: "a b" }, CHOICE);
  await settled();
  assert.deepEqual(video.calls, ["load nothing", "load /media/a%20b"]);
});

test("without a film nothing is loaded", async () => {
  film.load(null, CHOICE);
  await settled();
  assert.deepEqual(video.calls, ["load nothing"]);
});

test("commands are carried out and are nobody's wish", async () => {
  film.startAt(nowS());
  await settled();
  film.seek(20);
  await settled();
  film.startAt(nowS());
  await settled();
  film.pause();
  await settled();
  film.setRate(1.01);
  await settled();
  assert.deepEqual(video.calls, ["play", "pause", "seek 20", "play", "pause"]);
  assert.deepEqual(wishes, []);
});

test("a press is a wish even where the follower acts before the browser tells of it", async () => {
  video.play();
  film.mend();
  film.pause();
  await settled();
  assert.deepEqual(wishes, [{ kind: "play" }]);

  film.startAt(nowS());
  await settled();
  video.pause();
  film.mend();
  film.seek(20);
  await settled();
  assert.deepEqual(wishes, [{ kind: "play" }, { kind: "pause" }]);
});

test("a timed start is not early, and soon", async () => {
  const dueS = nowS() + 0.05;
  film.startAt(dueS);
  assert.equal(film.starting, true);
  while (film.starting) await settled();
  // Never early; what a busy machine made too late is missed.
  assert.ok(nowS() >= dueS);
  assert.ok(nowS() - dueS < 2);
  assert.deepEqual(video.calls, misses ? [] : ["play"]);
});

test("a start that comes too late is not made, and said to be missed", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  film.startAt(nowS() + 0.02);
  const lateS = nowS() + 0.02 + 0.05;
  while (nowS() < lateS);
  mock.timers.tick(1000);
  mock.timers.reset();
  assert.deepEqual(video.calls, []);
  assert.equal(misses, 1);
  assert.equal(film.starting, false);
});

test("a hidden page, whose timers are always late, starts late", () => {
  page.hidden = true;
  film.startAt(nowS() - 0.5);
  assert.deepEqual(video.calls, ["play"]);
  assert.equal(misses, 0);
});

test("a command that comes meanwhile takes a timed start's place", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  film.startAt(nowS() + 0.5);
  film.pause();
  mock.timers.tick(1000);
  mock.timers.reset();
  assert.deepEqual(video.calls, []);
});

test("what a person does to the element is a wish", async () => {
  video.play();
  await settled();
  video.currentTime = 30;
  await settled();
  video.pause();
  await settled();
  video.playbackRate = 2;
  await settled();
  assert.deepEqual(wishes, [
    { kind: "play" },
    { kind: "seek", positionS: 30 },
    { kind: "pause" },
    { kind: "rate", rate: 2 },
  ]);
});

test("the end of a seek that is told late does not make the next one somebody's wish", async () => {
  film.seek(20);
  await settled();
  film.seek(30);
  video.dispatchEvent(new Event("seeked"));
  await settled();
  assert.deepEqual(wishes, []);
});

test("a foreign speed is undone at once", async () => {
  film.setRate(1.005);
  await settled();
  video.playbackRate = 16;
  await settled();
  assert.equal(video.playbackRate, 1.005);
});

test("the end of the film and a broken one pause without anybody's wish", async () => {
  film.startAt(nowS());
  await settled();
  video.ended = true;
  video.pause();
  await settled();
  assert.deepEqual(wishes, []);
});

test("a script's other film, or a loop, is put right", async () => {
  video.src = "/elsewhere.mp4";
  video.loop = true;
  film.mend();
  await settled();
  assert.equal(video.getAttribute("src"), "/media/film1");
  assert.equal(video.loop, false);
  assert.ok(reloads > 0, "the follower must know that it begins from nothing");
  video.calls.length = 0;
  film.mend();
  assert.deepEqual(video.calls, []);
});

test("a seek before any picture is no person's: whoever feeds the element may move it", async () => {
  film.load({ ...FILM, id: "film2" }, CHOICE);
  video.currentTime = 30;
  await settled();
  assert.deepEqual(wishes, []);
});

test("a file that breaks where the host has nothing else is said to be unplayable", async () => {
  const asked = hostThatPlans(({ direct }) => ({
    kind: "direct", url: "/media/film3", quality: "original", reasons: [], ladder: ["original"],
    direct,
  }));
  film.load({ ...FILM, id: "film3" }, CHOICE);
  await settled();
  video.error = { code: 4 };
  video.dispatchEvent(new Event("error"));
  await settled();
  await settled();
  assert.deepEqual(asked.map(({ direct }) => direct), [true, false]);
  assert.match(film.trouble, /can’t play H\.264/);
});

test("a stream that the browser gives up before its first picture is begun anew once, then comes otherwise", async (t) => {
  Object.assign(globalThis, { FakeHls, MediaSource: { isTypeSupported: () => true } });
  const hooks = registerHooks({
    resolve: (name, context, next) =>
      name.startsWith("/vendor/")
        ? { url: "data:text/javascript,export default globalThis.FakeHls", shortCircuit: true }
        : next(name, context),
  });
  t.after(() => {
    hooks.deregister();
    Reflect.deleteProperty(globalThis, "MediaSource");
  });
  const asked = hostThatPlans(({ types }) => {
    const kind = Object.keys(types).length > 0 ? "remux" : "convert";
    return { kind, url: `/${kind}.m3u8`, quality: "original", reasons: [], ladder: ["original"] };
  });
  /** @type {FakeHls[]} */
  const streams = [];
  /** The browser gives up the stream that is there, and all that follows from it happens. */
  const next = async () => {
    streams.at(-1)?.breaks();
    streams.at(-1)?.breaks();
    for (let turns = 0; turns < 20; turns++) await settled();
    if (FakeHls.last !== streams.at(-1)) streams.push(FakeHls.last);
    return FakeHls.last.calls;
  };

  film.load({ ...FILM, id: "film3" }, CHOICE);
  assert.deepEqual(await next(), ["load /remux.m3u8"]);
  reloads = 0;
  assert.deepEqual(await next(), ["load /remux.m3u8"]);
  assert.ok(reloads > 0, "the follower must know that it begins from nothing");
  assert.equal(film.trouble, "");
  assert.deepEqual(await next(), ["load /convert.m3u8"]);
  assert.equal(film.trouble, "");
  await next();

  assert.match(film.trouble, /can’t play H\.264/);
  for (let look = 0; look < 5; look++) {
    film.mend();
    await next();
  }
  assert.equal(asked.length, 3, "no more is asked for");
  assert.deepEqual(streams.map(({ calls }) => calls.includes("destroy")), [true, true, false]);
  assert.ok(!video.calls.includes("play"));
  assert.deepEqual(wishes, []);
});

test("a refused start says that a press is needed, until one came", async () => {
  video.refusal = new DOMException("", "NotAllowedError");
  film.startAt(nowS());
  await settled();
  assert.equal(film.blocked, true);
  video.refusal = null;
  film.unlock();
  assert.equal(film.blocked, false);
});

test("a hidden page that may not begin to play is not blocked: it may once it is seen", async () => {
  page.hidden = true;
  video.refusal = new DOMException("", "NotAllowedError");
  film.startAt(nowS());
  await settled();
  assert.equal(film.blocked, false);
});

test("a start that was overtaken is no refusal", async () => {
  video.refusal = new DOMException("", "AbortError");
  film.startAt(nowS());
  await settled();
  assert.equal(film.blocked, false);
});

test("a press unlocks the element without starting the film or asking for anything", async () => {
  film.unlock();
  await settled();
  assert.deepEqual(video.calls, ["play", "pause"]);
  assert.equal(video.paused, true);
  assert.deepEqual(wishes, []);
});

test("pitch is kept at another speed, and left alone at normal speed", () => {
  film.keepPitchFor(1);
  assert.equal(video.preservesPitch, false);
  film.keepPitchFor(1.5);
  assert.equal(video.preservesPitch, true);
});

test("a film that breaks off before the room's end is not begun anew", async () => {
  video.ended = true;
  film.startAt(nowS());
  await settled();
  assert.deepEqual(video.calls, []);
  assert.deepEqual(wishes, []);
});
