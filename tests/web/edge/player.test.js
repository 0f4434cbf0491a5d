// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Clock } from "../../../web/core/clock.js";
import { BROWSER } from "../../../web/core/follower.js";
import { COSTLY_RATES, tuningFor } from "../../../web/edge/engine.js";
import { Player } from "../../../web/edge/player.js";
import { FakeVideo, hostThatPlans, hostWithoutPlans, runsByItself, settled } from "../fakes.js";
import { FILM, PAUSED, room } from "../fixtures.js";

/** The server's clock is ahead by so much. */
const OFFSET_S = 1000;

/** @type {FakeVideo & {buffered?: any, duration?: number, volume?: number}} */
let video;
/** @type {Clock} */
let clock;
/** @type {import("../../../web/edge/player.js").Playback[]} */
let announced;
/** @type {any[]} */
let wishes;
/** @type {Player} */
let player;
/** @type {number} */
let nowMs;
/** @type {{hidden: boolean, pictureInPictureElement: unknown}} */
let page;

const localS = () => performance.now() / 1000;

function learnClock() {
  const sentS = localS();
  const served = sentS + OFFSET_S;
  clock.addBurst([{ sentS, receivedS: served, repliedS: served, returnedS: sentS }], sentS);
}

/**
 * Ticks pass, and the element keeps up.
 * @param {number} count
 * @param {number} stepMs how long each is; timers are late by up to so much
 */
async function tick(count = 1, stepMs = 50) {
  for (let i = 0; i < count; i++) {
    nowMs += stepMs;
    mock.timers.tick(stepMs);
    await settled();
    if (!video.seeking) continue;
    video.seeking = false;
    video.dispatchEvent(new Event("seeked"));
    await settled();
  }
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  nowMs = 5000;
  // Each look at the clock takes a little time, so that a wait for an instant ends.
  mock.method(performance, "now", () => (nowMs += 0.01));
  hostWithoutPlans();
  page = { hidden: false, pictureInPictureElement: null };
  Object.assign(globalThis, { document: page, MediaError: { MEDIA_ERR_NETWORK: 2 } });
  clock = new Clock();
  announced = [];
  wishes = [];
  player = playerWith(BROWSER);
});

/** @param {import("../../../web/core/tuning.js").Tuning} tuning */
function playerWith(tuning) {
  video = new FakeVideo();
  video.buffered = { length: 1, start: () => 0, end: () => 60 };
  video.duration = 60;
  return new Player(/** @type {any} */ (video), clock, tuning, {
    changed: (playback) => announced.push(playback),
    interfered: (wish) => wishes.push(wish),
  });
}

afterEach(() => {
  player.leave();
  mock.timers.reset();
  mock.restoreAll();
});

test("a newcomer to a paused room rests on the room's frame", async () => {
  learnClock();
  player.follow(room());
  await tick(10);
  assert.equal(video.getAttribute("src"), "/media/film1");
  assert.equal(video.currentTime, PAUSED.position_s);
  assert.equal(video.paused, true);
  assert.equal(player.playback.state, "resting");
  assert.equal(announced.at(-1)?.state, "resting");
  assert.deepEqual(wishes, [], "nobody asked for anything");
});

test("nothing moves before the server's clock is known", async () => {
  player.follow(room());
  await tick(10);
  assert.deepEqual(video.calls, ["load nothing", "load /media/film1"]);
  assert.equal(player.playback.state, "loading");
});

test("while no film is open there is nothing to tell, again and again", async () => {
  learnClock();
  player.follow(room({ item: null }));
  await tick(40);
  assert.ok(announced.length < 2, `told ${announced.length} times`);
});

test("a room that plays is joined at a place ahead of where it is", async () => {
  learnClock();
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  await tick(10);
  assert.ok(video.currentTime >= 20 && video.currentTime < 23);
  await tick(60);
  assert.equal(video.paused, false);
});

test("where the room is follows the server's clock, not the element", () => {
  learnClock();
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S - 5 };
  player.follow(room({ timeline }));
  assert.ok(Math.abs(player.roomPositionS - 25) < 0.05);
});

test("another film is loaded at once", async () => {
  learnClock();
  player.follow(room());
  await tick(5);
  const item = { ...FILM, id: "film2" };
  player.follow(room({ item, timeline: { ...PAUSED, item_id: "film2", position_s: 1.05 } }));
  await tick(10);
  assert.equal(video.getAttribute("src"), "/media/film2");
  assert.equal(video.currentTime, 1.05);
});

test("a hidden page is away, unless the film floats in its own window", async () => {
  learnClock();
  Object.assign(video, { requestVideoFrameCallback() {} });
  player.follow(room());
  await tick(10);
  assert.equal(player.playback.limit, "");
  page.hidden = true;
  await tick();
  assert.equal(player.playback.state, "away");
  page.pictureInPictureElement = video;
  await tick();
  assert.equal(player.playback.state, "resting");
  assert.equal(announced.at(-1)?.limit, "frames", "it is still not told what is shown");
});

test("what its browser can't do limits a device", () => {
  assert.equal(player.browserLimit, "frames");
  assert.equal(playerWith(COSTLY_RATES).browserLimit, "rate");
});

test("a start that needs a press says so, stops trying, and goes on after the press", async () => {
  learnClock();
  video.refusal = new DOMException("", "NotAllowedError");
  const timeline = { ...PAUSED, playing: true, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  await tick(80);
  assert.equal(announced.at(-1)?.blocked, true);
  const tries = video.calls.length;
  await tick(20);
  assert.equal(video.calls.length, tries);
  video.refusal = null;
  player.unlock();
  await tick(80);
  assert.equal(player.playback.blocked, false);
  assert.equal(video.paused, false);
});

test("a film that can't be played is reported with its reason, and left alone", async () => {
  learnClock();
  player.follow(room());
  await tick();
  video.videoWidth = 0;
  video.dispatchEvent(new Event("loadedmetadata"));
  await tick(25);
  assert.equal(player.playback.state, "cannot_play");
  assert.match(player.playback.reason, /H\.264/);
});

test("at another shared speed speech keeps its pitch", async () => {
  learnClock();
  player.follow(room());
  assert.equal(video.preservesPitch, false);
  player.follow(room({ timeline: { ...PAUSED, rate: 1.5, revision: 2 } }));
  await tick(10);
  assert.equal(video.preservesPitch, true);
  assert.equal(video.playbackRate, 1.5);
});

for (const { name, tuning, writes } of [
  { name: "an engine that takes it well", tuning: tuningFor("Google Inc."), writes: true },
  { name: "WebKit, which would stop for it", tuning: tuningFor("Apple Computer, Inc."), writes: false },
]) {
  test(`a film 50 ms behind is ${writes ? "hurried" : "left alone"} in ${name}`, async () => {
    learnClock();
    player = playerWith(tuning);
    const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
    player.follow(room({ timeline }));
    await tick(60);
    const rates = new Set();
    for (let i = 0; i < 60; i++) {
      video.plays(player.roomPositionS - 0.05);
      await tick();
      rates.add(video.playbackRate > 1);
    }
    assert.equal(rates.has(true), writes);
  });
}

test("a device whose picture comes late rests with all, and plays ahead by its delay", async () => {
  learnClock();
  player.delayMs = 300;
  player.follow(room());
  await tick(10);
  assert.equal(video.currentTime, PAUSED.position_s, "paused, all show the same frame");
  const startsS = localS() + 1;
  const timeline = { ...PAUSED, playing: true, at_s: startsS + OFFSET_S, revision: 2 };
  player.follow(room({ timeline }));
  while (video.paused) await tick();
  const earlyS = startsS - localS();
  assert.ok(earlyS > 0.28 && earlyS < 0.45, `started ${earlyS} s early, latency included`);
  assert.equal(player.roomPositionS, PAUSED.position_s, "the room's time is not moved");
});

test("a delay that changes while a start is near moves the start", async () => {
  learnClock();
  player.follow(room());
  await tick(10);
  const at_s = localS() + OFFSET_S + 1;
  player.follow(room({ timeline: { ...PAUSED, playing: true, at_s, revision: 2 } }));
  await tick(2);
  player.delayMs = -500;
  while (localS() + OFFSET_S < at_s + 0.3) await tick();
  assert.equal(video.paused, true);
  await tick(5);
  assert.equal(video.paused, false);
});

test("a delay that changes while the film plays moves the film, in either direction", async () => {
  learnClock();
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  const aheadMs = async () => {
    for (let i = 0; i < 100; i++) {
      // A perfect player: on from where it was put.
      if (!video.paused && !video.seeking) video.plays(video.currentTime + 0.05 * video.playbackRate);
      await tick();
    }
    return (video.currentTime - player.roomPositionS) * 1000;
  };
  assert.ok(Math.abs(await aheadMs()) < 60);
  player.delayMs = 500;
  assert.ok(Math.abs((await aheadMs()) - 500) < 60);
  player.delayMs = -500;
  assert.ok(Math.abs((await aheadMs()) + 500) < 60);
  assert.equal(player.playback.delayMs, -500);
});

for (const { tuning, name } of [
  { tuning: BROWSER, name: "tells no frames" },
  { tuning: COSTLY_RATES, name: "is never corrected by its rate" },
]) {
  test(`a small delay is heard, too, in a browser that ${name}`, async () => {
    learnClock();
    player = playerWith(tuning);
    runsByItself(video, tuning.startLatencyS);
    const meanAheadMs = async () => {
      await tick(1200, 4);
      let sumMs = 0;
      for (let i = 0; i < 40; i++) {
        await tick();
        sumMs += (video.currentTime - player.roomPositionS) * 1000;
      }
      return sumMs / 40;
    };
    const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
    player.follow(room({ timeline }));
    const before = await meanAheadMs();
    player.delayMs = 25;
    const after = await meanAheadMs();
    assert.ok(Math.abs(after - before - 25) < 12, `moved by ${after - before} ms`);
    assert.ok(Math.abs(after - 25) < 20, `ahead by ${after} ms`);
  });
}

test("a delay that a person changes is no reason to seek again right after", async () => {
  learnClock();
  player = playerWith(COSTLY_RATES);
  runsByItself(video, COSTLY_RATES.startLatencyS);
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  await tick(200);
  /** @type {number[]} */
  const soughtS = [];
  video.addEventListener("seeking", () => soughtS.push(localS()));
  player.delayMs = 25;
  await tick(2);
  video.plays(video.currentTime + 5); // the seek went astray: it calls for a correction
  await tick(160);
  assert.equal(soughtS.length >= 2, true, `${soughtS}`);
  assert.ok(soughtS[1] - soughtS[0] > 2.9, `${soughtS}`); // events come a tick late
});

test("music is said to be followed without frames, and the next film not", async () => {
  learnClock();
  runsByItself(video, BROWSER.startLatencyS);
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  Object.assign(video, { requestVideoFrameCallback() {} });
  player.follow(room({ timeline }));
  await tick(20);
  assert.equal(player.playback.limit, "");
  await tick(80);
  assert.equal(player.playback.limit, "frames");
  const film = { ...FILM, id: "film2" };
  player.follow(room({ item: film, timeline: { ...PAUSED, item_id: "film2", revision: 9 } }));
  await tick(5);
  assert.equal(player.playback.limit, "");
});

test("a film loaded anew is not heard from its beginning, even just after a correction", async () => {
  learnClock();
  runsByItself(video, BROWSER.startLatencyS);
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  await tick(100);
  video.plays(video.currentTime + 5);
  await tick(20);
  video.src = "/elsewhere.mp4";
  for (let i = 0; i < 40; i++) {
    await tick();
    const offS = Math.abs(video.currentTime - player.roomPositionS);
    assert.ok(video.paused || offS < 0.3, `plays ${offS} s away`);
  }
  assert.equal(video.getAttribute("src"), "/media/film1");
  assert.equal(video.paused, false);
});

test("errors are kept while the film plays, and the minute's is in the report", async () => {
  learnClock();
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  while (video.paused) await tick();
  for (let i = 0; i < 100; i++) {
    video.plays(player.roomPositionS + 0.03);
    await tick();
  }
  const { errorMinuteMs } = player.playback;
  assert.ok(errorMinuteMs !== null && errorMinuteMs > 15 && errorMinuteMs < 60, `${errorMinuteMs}`);
  const deeds = player.record.history.deeds(localS()).map(({ kind }) => kind);
  assert.deepEqual([deeds[0], deeds.at(-1)], ["seek", "start"]);
});

test("a film that this device can't decode in time is said to stutter, for all to see", async () => {
  learnClock();
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  await tick(60);
  for (let i = 0; i < 200; i++) {
    video.plays(player.roomPositionS);
    video.quality.totalVideoFrames += 2;
    video.quality.droppedVideoFrames += 1;
    await tick();
  }
  assert.match(player.playback.reason, /too slow/);
  assert.equal(announced.at(-1)?.reason, player.playback.reason);
});

test("a device that stays behind says so, for all to see", async () => {
  learnClock();
  const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
  player.follow(room({ timeline }));
  await tick(60);
  for (let i = 0; i < 160; i++) {
    video.plays(player.roomPositionS - 0.15); // less than a seek mends where no frames are told
    await tick();
  }
  assert.match(player.playback.reason, /Out of step/);
  assert.equal(announced.at(-1)?.reason, player.playback.reason);
});

test("after leaving, nothing is loaded and nothing happens", async () => {
  learnClock();
  player.follow(room());
  await tick(5);
  player.leave();
  const before = video.calls.length;
  await tick(20);
  assert.equal(video.getAttribute("src"), null);
  assert.equal(video.calls.length, before);
});

const PREPARATION = /** @type {const} */ ({
  type: "preparation", item: "film1", what: "convert", state: "running", progress: 0,
  left_s: null, place: 0, message: "",
});

for (const { name, kind, preparation, quality } of /** @type {const} */ ([
  {
    name: "a film that waits again and again for the network",
    kind: "direct", preparation: null, quality: "1080",
  },
  {
    name: "a film that waits for the host to make it",
    kind: "convert", preparation: PREPARATION, quality: "original",
  },
  {
    name: "a film that waits for the network while the host makes it for others",
    kind: "direct", preparation: PREPARATION, quality: "1080",
  },
])) {
  test(`${name} is played in ${quality}`, async () => {
    const asked = hostThatPlans((wish) => ({
      kind, url: `/media/film1?${wish.quality}`, quality: wish.quality, reasons: [],
      ladder: ["original", "1080", "720"],
    }));
    learnClock();
    const timeline = { ...PAUSED, playing: true, position_s: 20, at_s: localS() + OFFSET_S };
    player.follow({ ...room({ timeline }), link: "open", preparation });
    await tick(60);
    video.readyState = 2;
    video.buffered = { length: 0, start: () => 0, end: () => 0 };
    await tick(300);
    assert.equal(asked.at(-1)?.quality, quality);
  });
}
