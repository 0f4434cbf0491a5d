// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Selection } from "../../../web/edge/selection.js";
import { room } from "../fixtures.js";

/** @type {Selection} */
let selection;
/** @type {string[]} */
let chosen;
/** @type {{hidden: boolean}} */
let page;
/** @type {number} */
let nowS;
/** @type {any} */
let element;
/** @type {any} */
let source;
/** With what the latest film began. @type {any} */
let begun;

beforeEach(() => {
  nowS = 1000;
  mock.method(performance, "now", () => nowS * 1000);
  page = { hidden: false };
  Object.assign(globalThis, { document: page });
  chosen = [];
  element = { currentTime: 0, buffered: { length: 0 } };
  source = { ladder: ["original", "720", "480"], ratio: null, bitsPerS: null, form: "direct", quality: "original" };
  const film = {
    element,
    source,
    load: (/** @type {any} */ _item, /** @type {any} */ choice) => (begun = choice),
    choose: (/** @type {{quality: string}} */ { quality }) => chosen.push(quality),
  };
  selection = new Selection(/** @type {any} */ (film));
  selection.load(room());
  selection.begun();
});

afterEach(() => mock.restoreAll());

/** @param {number} forS @param {boolean} starving */
function goesOn(forS, starving) {
  for (const endS = nowS + forS; nowS < endS; nowS += 0.25) selection.look(starving);
}

test("a network that is too thin gets less", () => {
  goesOn(20, true);
  assert.deepEqual(chosen, ["720"]);
});

test("a file that comes too slowly gives way to less before it stalls", () => {
  for (let second = 0; second < 6; second += 0.25) {
    const end = 2 + 0.6 * second;
    element.buffered = { length: 1, start: () => 0, end: () => end };
    Object.assign(element, { currentTime: second / 2, networkState: 2, paused: false, seeking: false });
    goesOn(0.25, false);
  }
  assert.deepEqual(chosen, ["720"]);
});

test("a page that comes back to light has time to get its data", () => {
  goesOn(10, false);
  page.hidden = true;
  goesOn(60, true);
  page.hidden = false;
  goesOn(7, true);
  assert.deepEqual(chosen, []);
});

test("a stall before the page was hidden and one after it are not two in a row", () => {
  goesOn(10, false);
  goesOn(2, true);
  page.hidden = true;
  goesOn(5, false);
  page.hidden = false;
  goesOn(9, false);
  goesOn(2, true);
  assert.deepEqual(chosen, []);
});

test("the next film begins with what the network was seen to bear, if nobody chose", () => {
  goesOn(20, true);
  source.bitsPerS = 2e6;
  goesOn(1, false);
  selection.load(room());
  assert.deepEqual(begun, { quality: "original", audio: null, automatic: true, bits_per_s: 2e6 });
  source.quality = "480";
  selection.begun();
  chosen = [];
  selection.follow(room());
  assert.deepEqual(chosen, ["480"]);
  selection.quality = "720";
  selection.load(room());
  assert.deepEqual(begun, { quality: "720", audio: null });
});
