// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { BROWSER } from "../../../web/core/follower.js";
import { COSTLY_RATES, FREE_FRAMES, tuningFor } from "../../../web/edge/engine.js";

test("each family of engines is tuned apart", () => {
  assert.equal(tuningFor("Apple Computer, Inc."), COSTLY_RATES);
  assert.equal(tuningFor("Google Inc."), BROWSER);
  assert.equal(tuningFor(""), FREE_FRAMES);
});
