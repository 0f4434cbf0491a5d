// @ts-check
/** A player with an element, a clock and a page of the test's own, anew for each test. */
import { afterEach, beforeEach, mock } from "node:test";

import { Clock } from "../../../web/core/clock.js";
import { BROWSER } from "../../../web/core/follower.js";
import { Player } from "../../../web/edge/player.js";
import { FakeVideo, hostWithoutPlans, settled } from "../fakes.js";

/** The server's clock is ahead by so much. */
export const OFFSET_S = 1000;

/** @type {FakeVideo & {buffered?: any, duration?: number, volume?: number}} */
export let video;
/** @type {Clock} */
let clock;
/** @type {import("../../../web/edge/player.js").Playback[]} */
export let announced;
/** @type {any[]} */
export let wishes;
/** @type {Player} */
export let player;
/** @type {number} */
let nowMs;
/** @type {{hidden: boolean, pictureInPictureElement: unknown}} */
export let page;

export const localS = () => performance.now() / 1000;

export function learnClock() {
  const sentS = localS();
  const served = sentS + OFFSET_S;
  clock.addBurst([{ sentS, receivedS: served, repliedS: served, returnedS: sentS }], sentS);
}

/**
 * Ticks pass, and the element keeps up.
 * @param {number} count
 * @param {number} stepMs how long each is; timers are late by up to so much
 */
export async function tick(count = 1, stepMs = 50) {
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
  playWith(BROWSER);
});

/**
 * Begin anew, with a browser of this kind.
 * @param {import("../../../web/core/tuning.js").Tuning} tuning
 */
export function playWith(tuning) {
  video = new FakeVideo();
  video.buffered = { length: 1, start: () => 0, end: () => 60 };
  video.duration = 60;
  player = new Player(/** @type {any} */ (video), clock, tuning, {
    changed: (playback) => announced.push(playback),
    interfered: (wish) => wishes.push(wish),
  });
}

afterEach(() => {
  player.leave();
  mock.timers.reset();
  mock.restoreAll();
});
