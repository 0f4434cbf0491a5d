// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { backoffS } from "../../../web/core/backoff.js";

test("the first try comes soon, later ones at most every 8 s", () => {
  assert.equal(backoffS(0, 1), 0.25);
  assert.equal(backoffS(3, 1), 2);
  assert.equal(backoffS(5, 1), 8);
  assert.equal(backoffS(10_000, 1), 8);
});

test("half of the wait is chance", () => {
  assert.equal(backoffS(5, 0), 4);
  assert.equal(backoffS(5, 0.5), 6);
});
