// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { formNews, formNote, lengthWords, preparationWords } from "../../../web/core/forms.js";

/** @type {import("../../../web/core/messages.js").Preparation} */
const RUNNING = {
  type: "preparation", item: "film1", what: "convert", state: "running", progress: 0.426, left_s: 130,
  place: 0, message: "",
};
/** @param {...string} renditions */
const guest = (...renditions) => ({ renditions, host: false });
const HOST = { renditions: [], host: true };
/** @param {...string} renditions in their order in the queue */
const queue = (...renditions) => renditions.map((rendition, at) => ({ rendition, place: at + 1 }));

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
  assert.equal(
    formNews("convert", "the network is too thin for more than 720p"),
    "Less for now: the network is too thin for more than 720p.",
  );
  assert.equal(formNews("convert", ""), "Converted for this browser.");
});

test("a preparation says what it does, how far it is and how long it takes", () => {
  assert.equal(preparationWords(RUNNING, guest()), "Converting the film · 42 % · about 2 min left");
  assert.equal(
    preparationWords({ ...RUNNING, repacks: true, left_s: null }, HOST), "Repacking the film · 42 %",
  );
  assert.equal(
    preparationWords({ ...RUNNING, what: "scan", progress: 0, left_s: null }, guest()),
    "Reading through the film, so that all of it can be reached",
  );
  assert.equal(
    preparationWords({ ...RUNNING, message: "Indexing", left_s: null }, guest()),
    "Indexing · 42 %",
  );
});

test("the host sees what is made and how much waits", () => {
  const made = { ...RUNNING, left_s: null };
  for (const [waiting, words] of /** @type {[string[], string][]} */ ([
    [["small"], "Converting the film · 42 % · another quality is next"],
    [["small", "smaller"], "Converting the film · 42 % · 2 more qualities wait"],
  ])) {
    assert.equal(preparationWords({ ...made, waiting: queue(...waiting) }, HOST), words);
  }
  for (const [place, waiting, words] of /** @type {[number, string[], string][]} */ ([
    [1, ["small"], "Waiting to prepare the film: it is next."],
    [3, ["small"], "Waiting to prepare the film: 2 before it."],
    [1, ["small", "smaller"], "Waiting to prepare the film: it is next. Another quality waits behind it."],
    [1, ["a", "b", "c"], "Waiting to prepare the film: it is next. 2 more qualities wait behind it."],
  ])) {
    const queued = { ...RUNNING, state: /** @type {const} */ ("queued"), place, waiting: queue(...waiting) };
    assert.equal(preparationWords(queued, HOST), words);
  }
});

test("each guest who waits is told their own place, and nobody else's", () => {
  const running = { ...RUNNING, left_s: null, waiting: queue("small", "smaller") };
  const queued = { ...running, state: /** @type {const} */ ("queued"), place: 1 };
  for (const preparation of [running, queued]) {
    const words = (/** @type {string} */ name) => preparationWords(preparation, guest(name, "a0-aac"));
    assert.equal(words("small"), "Your film waits to be converted: you are next.");
    assert.equal(words("smaller"), "Your film waits to be converted: 1 before you.");
  }
  for (const other of [guest(), guest("large", "a0-aac")]) {
    assert.equal(preparationWords(running, other), "Converting the film · 42 %");
    assert.equal(preparationWords(queued, other), "");
  }
});

test("a host who waits is told the place and the whole", () => {
  const waiting = { ...RUNNING, left_s: null, waiting: queue("small") };
  assert.equal(
    preparationWords(waiting, { ...HOST, renditions: ["small"] }),
    "Your film waits to be converted: you are next. Converting the film · 42 % · another quality is next",
  );
});

for (const [seconds, words] of /** @type {[number, string][]} */ ([
  [0.2, "1 s"], [20, "20 s"], [40, "1 min"], [59 * 60, "59 min"], [3600, "1 h"], [7800, "2 h 10 min"],
])) {
  test(`${seconds} seconds are ${words}`, () => assert.equal(lengthWords(seconds), words));
}
