// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { BROWSER } from "../../../web/core/follower.js";
import { COSTLY_RATES, tuningFor } from "../../../web/edge/engine.js";
import { hostThatPlans, runsByItself } from "../fakes.js";
import { FILM, PAUSED, room } from "../fixtures.js";
import {
  announced, learnClock, localS, OFFSET_S, page, playWith, player, tick, video, wishes,
} from "./player_stage.js";

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
  playWith(COSTLY_RATES);
  assert.equal(player.browserLimit, "rate");
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
    playWith(tuning);
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
