// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { Subtitles } from "../../../web/edge/subtitles.js";
import { settled } from "../fakes.js";

const bytes = new TextEncoder();
const CUE = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nHello\n\n";
const PICTURE = '{"n":0,"start_s":1,"end_s":3,"x":0,"y":0,"width":1,"height":1},\n';

/** @param {string[]} pieces */
function streamOf(pieces) {
  return new ReadableStream({
    start(stream) {
      for (const piece of pieces) stream.enqueue(bytes.encode(piece));
      stream.close();
    },
  });
}

/**
 * What is told last of subtitles that the host answers like this.
 * @param {"text" | "picture"} kind
 * @param {...string} pieces
 */
async function toldOf(kind, ...pieces) {
  /** @type {[string, boolean][]} */
  const told = [];
  Object.assign(globalThis, {
    fetch: async () => new Response(streamOf(pieces)),
    requestAnimationFrame: () => 0,
  });
  const film = /** @type {any} */ ({ currentTime: 0, addEventListener: () => {} });
  const subtitles = new Subtitles(film, {
    shown: () => {},
    told: (text, error) => told.push([text, error]),
  });
  subtitles.show({ kind, address: "/x", language: "", label: "" });
  for (let turn = 0; turn < 20; turn++) await settled();
  return told.at(-1);
}

test("subtitles that were read to their end need no word", async () => {
  assert.deepEqual(await toldOf("text", CUE), ["", false]);
  assert.deepEqual(await toldOf("picture", `{"pictures":[\n${PICTURE}{"read":1}\n]}\n`), ["", false]);
});

test("why there is no more of them is said as the host says it", async () => {
  const why = "Their “disk” is asleep.";
  assert.deepEqual(await toldOf("text", `${CUE}NOTE broken ${why}\n\n`), [`Incomplete. ${why}`, true]);
  const list = `{"pictures":[\n${PICTURE}{"broken":${JSON.stringify(why)}},\n{"read":1}\n]}\n`;
  assert.deepEqual(await toldOf("picture", list), [`Incomplete. ${why}`, true]);
});

test("the network may cut the host's word anywhere", async () => {
  const whole = `${CUE}NOTE broken It is asleep.\n\n`;
  const list = `{"pictures":[\n${PICTURE}{"broken":"It is asleep."},\n{"read":1}\n]}\n`;
  for (let at = 1; at < 26; at++) {
    const text = [whole.slice(0, -at), whole.slice(-at)];
    assert.deepEqual(await toldOf("text", ...text), ["Incomplete. It is asleep.", true]);
    const pictures = [list.slice(0, -at - 14), list.slice(-at - 14)];
    assert.deepEqual(await toldOf("picture", ...pictures), ["Incomplete. It is asleep.", true]);
  }
});

test("a line of the film is not taken for the host's word", async () => {
  const said = "00:00:01.000 --> 00:00:03.000\nNOTE broken hearts\n\n";
  assert.deepEqual(await toldOf("text", `WEBVTT\n\n${said}`), ["", false]);
});
