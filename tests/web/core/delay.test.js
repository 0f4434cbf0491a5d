// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { boundedDelayMs } from "../../../web/core/delay.js";

for (const [given, set] of [
  [120, 120], [-3.4, -3], [900, 500], [-501, -500], [NaN, 0], [Infinity, 0], [-0.2, 0],
]) {
  test(`a delay of ${given} ms is set as ${set}`, () => assert.equal(boundedDelayMs(given), set));
}
