// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  calibrationWords, delayWords, errorShown, limitWords, minuteWords, signedMs, spokenError, syncFacts,
} from "../../../web/core/sync_words.js";
import { FILM, PAUSED, room, STATUS } from "../fixtures.js";

test("an error says its direction and its size", () => {
  assert.equal(signedMs(-12.4), "−12 ms");
  assert.equal(signedMs(3), "+3 ms");
  assert.equal(signedMs(-0.2), "0 ms");
  assert.equal(signedMs(2345), "+2.3 s");
});

test("an error is shown only while it means something", () => {
  assert.equal(errorShown({ ...STATUS, error_ms: 5 }, true), 5);
  assert.equal(errorShown({ ...STATUS, state: "catching_up", error_ms: 90 }, true), 90);
  assert.equal(errorShown({ ...STATUS, state: "resting", error_ms: 5 }, true), null);
  assert.equal(errorShown({ ...STATUS, state: "catching_up", error_ms: 90 }, false), null);
  assert.equal(errorShown({ ...STATUS, error_ms: null }, true), null);
  assert.equal(errorShown(undefined, true), null);
});

test("an error is read aloud as a sentence would say it", () => {
  assert.equal(spokenError(3.2), "3 milliseconds ahead");
  assert.equal(spokenError(-1), "1 millisecond behind");
  assert.equal(spokenError(0.3), "in step");
  assert.equal(spokenError(null), "not measured now");
});

test("a delay says what it does, not which sign it has", () => {
  assert.equal(delayWords(120), "plays 120 ms earlier");
  assert.equal(delayWords(-40), "plays 40 ms later");
  assert.equal(delayWords(0), "none");
});

test("the facts behind a meter, and a dash for what is unknown", () => {
  assert.deepEqual(syncFacts({ ...STATUS, error_ms: 3, rtt_ms: 2.04, delay_ms: -40 }, true), [
    ["Error now", "+3 ms"],
    ["Last minute, 95 %", "within 8 ms"],
    ["Round trip", "2 ms"],
    ["Clock", "± 0.2 ms"],
    ["Delay set", "plays 40 ms later"],
  ]);
  const unknown = { ...STATUS, error_ms: null, error_minute_ms: null, rtt_ms: null, clock_ms: null };
  assert.deepEqual(syncFacts(unknown, true).map(([, value]) => value), ["–", "–", "–", "–", "none"]);
});

test("where a display puts the picture is told beside it, while it plays", () => {
  const steps = { ...STATUS, error_ms: 1, frames_ms: -8 };
  assert.deepEqual(syncFacts(steps, true)[1], ["Picture", "−8 ms by its display"]);
  assert.equal(syncFacts(steps, false)[1][0], "Last minute, 95 %");
});

test("what keeps a screen from better is said beside its facts", () => {
  assert.match(syncFacts({ ...STATUS, limit: "rate" }, true).at(-1)?.[1] ?? "", /60 ms/);
  assert.match(syncFacts({ ...STATUS, state: "away" }, true).at(-1)?.[1] ?? "", /hidden/);
});

test("the graph is told in words", () => {
  assert.equal(
    minuteWords({ errorMs: 3, p95Ms: 8.2, seeks: 1 }),
    "Now +3 ms. Last minute: 95 % within 8 ms, 1 jump.",
  );
  assert.match(minuteWords({ errorMs: null, p95Ms: 1200, seeks: 0 }), /not measured.* 1\.2 s, no jump/);
  assert.match(minuteWords({ errorMs: null, p95Ms: null, seeks: 0 }), /has not played/);
});

test("what a browser can't do is said, and nothing where it can", () => {
  assert.equal(limitWords(""), "");
  assert.match(limitWords("rate"), /60 ms/);
  assert.match(limitWords("frames"), /coarse/);
});

test("calibrating needs the sync check, and needs it to play", () => {
  const playing = { ...PAUSED, playing: true };
  const check = { ...FILM, title: "Matinee sync check" };
  const other = calibrationWords(room({ timeline: playing }), false);
  assert.equal(other.ready, false);
  assert.match(other.text, /Ask the host to play the sync check \(in the window: File › Play sync check\)/);
  assert.match(calibrationWords(room({ timeline: playing }), true).text, /Start Matinee without a film/);
  const paused = calibrationWords(room({ item: check }), false);
  assert.equal(paused.ready, false);
  assert.match(paused.text, /paused/);
  assert.equal(calibrationWords(room({ item: check, timeline: playing }), false).ready, true);
});
