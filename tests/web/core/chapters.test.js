// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { chapterAt, chapterCues } from "../../../web/core/chapters.js";
import { FILM as ITEM } from "../fixtures.js";

const CHAPTERED = {
  ...ITEM,
  duration_s: 60,
  chapters: [
    { start_s: 0, title: "The beginning" },
    { start_s: 20, title: "" },
    { start_s: 45, title: "The end" },
  ],
};

test("chapters fill the film from one start to the next, and the last to its end", () => {
  assert.deepEqual(
    chapterCues(CHAPTERED).map(({ startTime, endTime }) => [startTime, endTime]),
    [[0, 20], [20, 45], [45, 60]],
  );
});

test("a chapter without a name has its number", () => {
  assert.equal(chapterAt(CHAPTERED, 30), "Chapter 2");
});

test("what is before the first chapter has no name", () => {
  const late = { ...CHAPTERED, chapters: [{ start_s: 10, title: "At last" }] };
  assert.equal(chapterAt(late, 5), "");
  assert.deepEqual(chapterCues(late).map(({ text }) => text), ["", "At last"]);
});

test("a chapter behind the film's end is left out", () => {
  const cut = { ...CHAPTERED, chapters: [{ start_s: 0, title: "One" }, { start_s: 90, title: "Two" }] };
  assert.deepEqual(chapterCues(cut).map(({ text }) => text), ["One"]);
});

test("the same film has the very same list, so that nothing is drawn anew", () => {
  assert.equal(chapterCues(CHAPTERED), chapterCues(CHAPTERED));
});

test("a film without chapters, and no film, have none", () => {
  assert.deepEqual(chapterCues(ITEM), []);
  assert.deepEqual(chapterCues(null), []);
});
