// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chosenTrack, subtitleWords, toggled, UNASKED, wantedFrom, withTrack,
} from "../../../web/core/subtitle_choice.js";

/** @param {object} what @returns {any} */
const track = (what) => ({ kind: "text", language: "", title: "", default: false, forced: false, ...what });
const ENGLISH = track({ id: "0", language: "eng" });
const DEAF = track({ id: "1", language: "eng", title: "SDH" });
const SIGNS = track({ id: "2", language: "ger", forced: true });
const GERMAN = track({ id: "f0", language: "de" });
/** @param {string} id @param {any[]} subtitle_tracks @returns {any} */
const film = (id, ...subtitle_tracks) => ({ id, subtitle_tracks });
const FILM = film("a", ENGLISH, DEAF, SIGNS, GERMAN);

test("the room's choice holds until somebody chooses for themselves", () => {
  assert.equal(chosenTrack(UNASKED, FILM, null), null);
  assert.equal(chosenTrack(UNASKED, FILM, "1"), DEAF);
  assert.equal(chosenTrack(withTrack(UNASKED, FILM, GERMAN), FILM, "1"), GERMAN);
  assert.equal(chosenTrack(withTrack(UNASKED, FILM, null), FILM, "1"), null);
});

test("an own choice is kept for the next film by language and name", () => {
  const wanted = withTrack(UNASKED, FILM, DEAF);
  const other = track({ id: "0", language: "eng" });
  const same = track({ id: "5", language: "eng", title: "SDH" });
  assert.equal(chosenTrack(wanted, film("b", other, same), null), same);
  assert.equal(chosenTrack(wanted, film("b", other), null), other);
  assert.equal(chosenTrack(wanted, film("b", SIGNS), "2"), null);
  assert.equal(chosenTrack(wanted, null, null), null);
});

test("who reads all of it is not shown the few lines that are forced, nor the other way round", () => {
  const forced = track({ id: "0", language: "eng", forced: true });
  const full = track({ id: "1", language: "eng" });
  const before = film("a", forced, full);
  const next = film("b", { ...forced }, { ...full });
  assert.equal(chosenTrack(withTrack(UNASKED, before, full), next, null)?.forced, false);
  assert.equal(chosenTrack(withTrack(UNASKED, before, forced), next, null)?.forced, true);
  assert.equal(chosenTrack(withTrack(UNASKED, before, full), film("c", forced), null), forced);
});

test("what was stored is taken as far as it makes sense", () => {
  const wanted = withTrack({ ...UNASKED, size: "huge", place: "top" }, FILM, GERMAN);
  assert.deepEqual(wantedFrom(JSON.parse(JSON.stringify(wanted))), wanted);
  for (const nonsense of [null, 7, "x", [], { follow: "x", size: {}, place: 1, id: 3 }]) {
    assert.deepEqual(wantedFrom(nonsense), UNASKED);
  }
});

test("a key turns them off, and on as they were", () => {
  const own = withTrack(UNASKED, FILM, GERMAN);
  const off = toggled(own, FILM, null, []);
  assert.equal(chosenTrack(off, FILM, null), null);
  assert.equal(chosenTrack(toggled(off, FILM, null, ["en"]), FILM, null), GERMAN);
});

test("a key turns on what somebody most likely reads", () => {
  const on = (/** @type {any} */ item, /** @type {string | null} */ rooms, /** @type {string[]} */ languages) =>
    chosenTrack(toggled(UNASKED, item, rooms, languages), item, rooms);
  assert.equal(on(FILM, null, ["de-CH", "en"]), GERMAN);
  assert.equal(on(FILM, null, ["fr", "en-GB"]), ENGLISH);
  assert.equal(on(FILM, null, ["fr"]), ENGLISH);
  assert.equal(on(film("c", SIGNS), null, ["fr"]), SIGNS);
  assert.equal(on(film("d"), null, ["fr"]), null);
});

test("a track's name", () => {
  assert.equal(subtitleWords(ENGLISH, 0), "English");
  assert.equal(subtitleWords(DEAF, 1), "English · SDH");
  assert.equal(subtitleWords(SIGNS, 2), "German · forced");
  assert.equal(subtitleWords(track({ id: "3", language: "und" }), 3), "Subtitles 4");
  assert.equal(subtitleWords(track({ id: "3", language: "eng", title: "English" }), 3), "English");
});
