// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { secretIn } from "../../../web/edge/invitation.js";

test("the fragment of a link carries an invitation, the host's secret, or nothing", () => {
  assert.deepEqual(secretIn("#invite=s3-_cret"), { invite: "s3-_cret" });
  assert.deepEqual(secretIn("#host=h"), { host: "h" });
  for (const fragment of ["", "#", "#invite=", "#top", "#other=1"]) {
    assert.deepEqual(secretIn(fragment), {});
  }
});
