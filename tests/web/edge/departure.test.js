// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Departure } from "../../../web/edge/departure.js";
import { FakeSocket, settled } from "../fakes.js";
import { WELCOME } from "../fixtures.js";

/** @type {FakeSocket[]} */
let sockets;
/** @type {boolean} */
let signedIn;
/** @type {Departure} */
let departure;

const latest = () => /** @type {FakeSocket} */ (sockets.at(-1));

/** @param {number} seconds */
async function pass(seconds) {
  for (let i = 0; i < seconds * 4; i++) {
    mock.timers.tick(250);
    await settled();
  }
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  sockets = [];
  signedIn = true;
  departure = new Departure({
    url: "ws://test/ws",
    session: async () => ({ signed_in: signedIn }),
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return /** @type {any} */ (socket);
    },
    nowS: () => 0,
    chance: () => 1,
  });
});

afterEach(() => {
  departure.cancel();
  mock.timers.reset();
});

test("a person who left while the host was away is gone once it is back", async () => {
  departure.begin();
  latest().drop();
  await pass(0.25);
  latest().accept();
  latest().say(WELCOME);
  assert.deepEqual(latest().sent.map(({ type }) => type), ["hello", "leave"]);
  latest().say({ type: "ended", reason: "left", message: "" });
  latest().drop();
  await pass(90);
  assert.equal(sockets.length, 2);
});

test("after a minute, when the host has forgotten them anyway, nothing more is tried", async () => {
  departure.begin();
  for (let i = 0; i < 20; i++) {
    if (!latest().closed) latest().drop();
    await pass(4);
  }
  const tries = sockets.length;
  assert.ok(tries > 5);
  await pass(60);
  assert.equal(sockets.length, tries);
});

test("who joins again in the meantime is not thrown out", async () => {
  departure.begin();
  latest().accept();
  departure.cancel();
  latest().say(WELCOME);
  assert.deepEqual(latest().sent.map(({ type }) => type), ["hello"]);
  assert.equal(latest().closed, true);
});

test("who is not known to the host any more has nothing to leave", async () => {
  signedIn = false;
  departure.begin();
  latest().drop();
  await settled();
  await pass(60);
  assert.equal(sockets.length, 1);
});

test("the network's return is not waited out", async () => {
  departure.begin();
  for (let i = 0; i < 6; i++) {
    latest().drop();
    await pass(8);
  }
  latest().drop();
  const before = sockets.length;
  departure.wake();
  assert.equal(sockets.length, before + 1);
});
