// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { Doubts } from "../../../web/core/doubts.js";

const SAID = {
  direct: true,
  types: { 'video/mp4; codecs="hvc1"': true, 'audio/mp4; codecs="ac-3"': true, 'audio/mp4; codecs="x"': false },
  mse: true,
  native_hls: false,
  smooth: true,
};

/** @param {Doubts} doubts */
const said = (doubts) => Object.values(doubts.correct(SAID).types);

test("what a browser says is believed until it fails", () => {
  assert.deepEqual(new Doubts().correct(SAID), SAID);
});

test("a file that failed is asked for as streams, then made anew, then given up", () => {
  const doubts = new Doubts();
  assert.equal(doubts.learn("direct", "all"), true);
  assert.equal(doubts.correct(SAID).direct, false);
  assert.deepEqual(said(doubts), [true, true, false]);
  assert.equal(doubts.learn("remux", "all"), true);
  assert.deepEqual(said(doubts), []);
  assert.equal(doubts.learn("convert", "all"), false);
});

test("no form is asked for twice", () => {
  const doubts = new Doubts();
  doubts.learn("direct", "all");
  assert.equal(doubts.learn("direct", "sound"), false);
  doubts.learn("remux", "all");
  assert.equal(doubts.learn("remux", "all"), false);
});

test("where only the sound failed, the picture is copied on", () => {
  const doubts = new Doubts();
  doubts.learn("remux", "sound");
  assert.deepEqual(said(doubts), [true]);
  assert.equal(doubts.learn("remux", "sound"), false);
  assert.equal(doubts.learn("remux", "all"), true, "its picture has not been made anew yet");
  assert.deepEqual(said(doubts), []);
});

test("where a picture made anew failed, the sound copied beside it is made anew, once", () => {
  const doubts = new Doubts();
  assert.equal(doubts.learn("convert", "all"), true);
  assert.deepEqual(said(doubts), []);
  assert.equal(doubts.learn("convert", "all"), false);
});

test("sound that failed says nothing of how fast a device is", () => {
  const doubts = new Doubts();
  const slow = { ...SAID, smooth: false };
  doubts.correct(slow);
  assert.equal(doubts.learn("convert", "sound"), true);
  assert.equal(doubts.correct(slow).smooth, false);
});

test("a device that can't play what would be easier gets the film's own picture after all, once", () => {
  const doubts = new Doubts();
  const slow = { ...SAID, smooth: false };
  assert.equal(doubts.correct(slow).smooth, false);
  assert.equal(doubts.learn("convert", "all"), true);
  assert.deepEqual(doubts.correct(slow), SAID);
  assert.equal(doubts.learn("direct", "all"), true);
  assert.deepEqual(doubts.correct(slow), { ...SAID, direct: false });
});
