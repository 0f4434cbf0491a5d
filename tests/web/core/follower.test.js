// @ts-check
/** The follower commands and reports what Python's does, seeing the same. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { BROWSER, Follower, HOST_WINDOW } from "../../../web/core/follower.js";
import { COSTLY_RATES, FREE_FRAMES } from "../../../web/edge/engine.js";

/** @param {string} name */
function read(name) {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), "utf8"));
}

/** @type {Record<string, typeof BROWSER>} */
const TUNINGS = { BROWSER, HOST_WINDOW, COSTLY_RATES, FREE_FRAMES };

/** @param {string} name */
function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

/** @param {Record<string, unknown>} record */
function camelKeys(record) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [camel(key), value]));
}

/** @param {import("../../../web/core/observation.js").Command | null} command */
function flat(command) {
  if (command === null) return null;
  if (command.type === "seek") return { type: "seek", value: command.positionS };
  if (command.type === "start") return { type: "start", value: command.atS };
  if (command.type === "setRate") return { type: "set_rate", value: command.rate };
  return { type: "pause" };
}

/**
 * @param {Record<string, any> | null} actual
 * @param {Record<string, any> | null} expected
 * @param {string} where
 */
function same(actual, expected, where) {
  const story = `${where}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  if (actual === null || expected === null) {
    assert.ok(actual === expected, story);
    return;
  }
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), story);
  for (const [key, value] of Object.entries(expected)) {
    const close = typeof value === "number" && Math.abs(actual[key] - value) <= 1e-9;
    // Milliseconds are a thousand times larger numbers.
    const closeMs = key.endsWith("Ms") && Math.abs(actual[key] - value) <= 1e-6;
    assert.ok(close || closeMs || actual[key] === value, story);
  }
}

test("the presets are the same", () => {
  const expected = read("follower_tuning.json");
  for (const [name, tuning] of Object.entries(TUNINGS)) {
    same({ ...tuning }, camelKeys(expected[name]), name);
  }
});

for (const { name, tuning, events } of read("follower.json").cases) {
  test(name, () => {
    const follower = new Follower(TUNINGS[tuning]);
    /** @type {any} */
    let seen = {};
    let status = null;
    for (const event of events) {
      if (event.frame) {
        const [mediaTimeS, shownAtS, positionS, readAtS] = event.frame;
        follower.frame(mediaTimeS, shownAtS, positionS, readAtS);
        continue;
      }
      if (event.tell) {
        follower[/** @type {"forgive"} */ (camel(event.tell))]();
        continue;
      }
      seen = { ...seen, ...camelKeys(event.see) };
      const where = `at ${seen.nowS}`;
      same(flat(follower.step(seen)), event.do ?? null, where);
      status = event.status ? camelKeys(event.status) : status;
      same({ ...follower.status }, status, `${where}, status`);
    }
  });
}
