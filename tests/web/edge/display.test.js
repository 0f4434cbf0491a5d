// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { refreshS } from "../../../web/edge/display.js";

/**
 * A display whose refreshes are told in steps of 0.1 ms.
 * @param {number} everyMs
 * @param {(refresh: number) => boolean} shown whether the page is shown this one
 */
async function measured(everyMs, shown = () => true) {
  let refresh = 0;
  Object.assign(globalThis, {
    requestAnimationFrame: (/** @type {(nowMs: number) => void} */ look) => {
      do refresh += 1;
      while (!shown(refresh));
      const nowMs = Math.round(refresh * everyMs * 10) / 10;
      queueMicrotask(() => look(nowMs));
    },
  });
  return refreshS();
}

test("a refresh is known more finely than it is told", async () => {
  for (const hz of [59.94, 60, 120]) {
    assert.ok(Math.abs((await measured(1000 / hz)) * hz - 1) < 0.001, `${hz} Hz`);
  }
});

test("refreshes that a busy page misses make none longer", async () => {
  const everyMs = await measured(1000 / 60, (refresh) => refresh % 5 !== 0);
  assert.ok(Math.abs(everyMs * 60 - 1) < 0.001);
});
