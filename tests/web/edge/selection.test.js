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

beforeEach(() => {
  nowS = 1000;
  mock.method(performance, "now", () => nowS * 1000);
  page = { hidden: false };
  Object.assign(globalThis, { document: page });
  chosen = [];
  const film = {
    element: { currentTime: 0, buffered: { length: 0 } },
    source: { ladder: ["original", "720", "480"], ratio: null },
    load: () => {},
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
