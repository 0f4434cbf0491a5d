// @ts-check
/** A device that is told to run ahead of the room, or behind. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { BROWSER } from "../../../web/core/follower.js";
import { COSTLY_RATES } from "../../../web/edge/engine.js";
import { runsByItself } from "../fakes.js";
import { PAUSED, room } from "../fixtures.js";
import { learnClock, localS, OFFSET_S, playWith, player, tick, video } from "./player_stage.js";

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
    playWith(tuning);
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
  playWith(COSTLY_RATES);
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
