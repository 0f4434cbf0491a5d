// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { formNews, formNote, lengthWords, preparationWords } from "../../../web/core/forms.js";

/** @type {import("../../../web/core/messages.js").Preparation} */
const RUNNING = {
  type: "preparation", item: "film1", what: "convert", state: "running", progress: 0.426, left_s: 130,
  place: 0, message: "",
};

test("the file itself needs no word; what is made of it does, with its reason", () => {
  assert.equal(formNote("direct", ""), "");
  assert.equal(formNote("", "this browser can’t play AV1"), "");
  assert.equal(formNote("convert", "this browser can’t play AV1"), "converted: this browser can’t play AV1");
  assert.equal(formNote("remux", ""), "repacked");
});

test("only what costs the host work is told to the person", () => {
  assert.equal(formNews("remux", "this browser can’t open MKV files"), "");
  assert.equal(formNews("convert", "this browser can’t play AV1"), "Converted for this browser: it can’t play AV1.");
  assert.equal(formNews("convert", "720p is chosen"), "");
  assert.equal(formNews("convert", ""), "Converted for this browser.");
});

test("a preparation says what it does, how far it is and how long it takes", () => {
  assert.equal(preparationWords(RUNNING), "Converting the film · 42 % · about 2 min left");
  assert.equal(
    preparationWords({ ...RUNNING, what: "scan", progress: 0, left_s: null }),
    "Reading through the film, so that all of it can be reached",
  );
  assert.equal(
    preparationWords({ ...RUNNING, left_s: null, behind: 1 }),
    "Converting the film · 42 % · another quality is next",
  );
  assert.equal(
    preparationWords({ ...RUNNING, left_s: null, behind: 2 }),
    "Converting the film · 42 % · 2 more qualities wait",
  );
  assert.equal(preparationWords({ ...RUNNING, message: "Indexing", left_s: null }), "Indexing · 42 %");
});

test("who waits is told for how many", () => {
  assert.equal(preparationWords({ ...RUNNING, state: "queued", place: 1 }), "Waiting to prepare the film: it is next.");
  assert.equal(preparationWords({ ...RUNNING, state: "queued", place: 3 }), "Waiting to prepare the film: 2 before it.");
});

for (const [seconds, words] of /** @type {[number, string][]} */ ([
  [0.2, "1 s"], [20, "20 s"], [40, "1 min"], [59 * 60, "59 min"], [3600, "1 h"], [7800, "2 h 10 min"],
])) {
  test(`${seconds} seconds are ${words}`, () => assert.equal(lengthWords(seconds), words));
}
