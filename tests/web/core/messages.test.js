// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  BadMessage, decodeClient, decodeServer, encode, PROTOCOL_VERSION,
} from "../../../web/core/messages.js";

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/messages.json", import.meta.url), "utf8"),
);

for (const [side, decode] of /** @type {const} */ ([
  ["client", decodeClient],
  ["server", decodeServer],
])) {
  for (const { name, frame, decoded } of vectors[side].accepted) {
    test(`${side}: understands ${name}`, () => {
      assert.deepEqual(decode(frame), decoded);
    });
  }
  for (const { name, frame } of vectors[side].refused) {
    test(`${side}: refuses ${name}`, () => {
      assert.throws(() => decode(frame), BadMessage);
    });
  }
}

test("a refusal names the field", () => {
  assert.throws(
    () => decodeClient('{"type":"seek","position_s":"12"}'),
    /seek: expected a finite number at \$\.position_s/,
  );
});

test("what is encoded is understood", () => {
  /** @type {import("../../../web/core/messages.js").ClientMessage} */
  const hello = { type: "hello", protocol: PROTOCOL_VERSION };
  assert.deepEqual(decodeClient(encode(hello)), hello);
});
