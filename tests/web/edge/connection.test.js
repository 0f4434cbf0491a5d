// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Connection } from "../../../web/edge/connection.js";
import { FakeSocket, settled } from "../fakes.js";
import { WELCOME } from "../fixtures.js";

/** @type {FakeSocket[]} */
let sockets;
/** @type {string[]} */
let links;
/** @type {any[]} */
let delivered;
/** @type {boolean} */
let signedIn;
/** @type {number} */
let signedOut;
/** @type {number} */
let nowS;

function connection() {
  return new Connection({
    url: "ws://test/ws",
    deliver: (message) => delivered.push(message),
    changed: (link, why) => links.push(why ? `${link}: ${why}` : link),
    session: async () => ({ signed_in: signedIn }),
    signedOut: () => (signedOut += 1),
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return /** @type {any} */ (socket);
    },
    nowS: () => nowS,
    chance: () => 1,
  });
}

const latest = () => /** @type {FakeSocket} */ (sockets.at(-1));

/** A connection whose welcome has come. */
function connected() {
  const opened = connection();
  opened.open();
  latest().accept();
  latest().say(WELCOME);
  return opened;
}

/** @param {number} seconds */
function pass(seconds) {
  for (let i = 0; i < seconds * 4; i++) {
    nowS += 0.25;
    mock.timers.tick(250);
  }
}

beforeEach(() => {
  sockets = [];
  links = [];
  delivered = [];
  signedIn = true;
  signedOut = 0;
  nowS = 0;
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
});

afterEach(() => mock.timers.reset());

test("says hello first, and delivers what follows", () => {
  connected();
  assert.deepEqual(latest().sent, [{ type: "hello", protocol: 1 }]);
  assert.deepEqual(delivered.map(({ type }) => type), ["welcome"]);
  assert.deepEqual(links, ["open"]);
});

test("nothing is sent before the welcome, and nothing is kept for later", () => {
  const opened = connection();
  opened.open();
  assert.equal(opened.send({ type: "play" }), false);
  latest().accept();
  assert.equal(opened.send({ type: "play" }), false);
  latest().say(WELCOME);
  assert.equal(opened.send({ type: "play" }), true);
  assert.deepEqual(latest().sent.map(({ type }) => type), ["hello", "play"]);
});

test("a lost connection comes back by itself, ever more patiently", () => {
  connected();
  latest().drop();
  assert.deepEqual(links, ["open", "lost: The connection was lost."]);
  pass(0.25);
  assert.equal(sockets.length, 2);
  latest().drop();
  pass(0.25);
  assert.equal(sockets.length, 2);
  pass(0.25);
  assert.equal(sockets.length, 3);
  latest().accept();
  latest().say(WELCOME);
  latest().drop();
  pass(0.25);
  assert.equal(sockets.length, 4, "a welcome makes it quick again");
});

test("a refused handshake with a cookie that no longer holds leads back to the join page", async () => {
  signedIn = false;
  connection().open();
  latest().drop();
  await settled();
  assert.equal(signedOut, 1);
  pass(20);
  assert.equal(sockets.length, 1);
});

test("a refused handshake with a good cookie is tried again", async () => {
  connection().open();
  latest().drop();
  await settled();
  assert.equal(signedOut, 0);
  assert.deepEqual(links, ["lost: The host can’t be reached."]);
  pass(1);
  assert.equal(sockets.length, 2);
});

test("a socket that answers no probe is dead after 8 s", () => {
  const opened = connected();
  const dead = latest();
  opened.send({ type: "probe", id: 1, t1_ms: 0 });
  pass(7);
  assert.equal(dead.closed, false);
  pass(2);
  assert.equal(dead.closed, true);
  assert.equal(links.at(-1), "lost: The host does not answer.");
  assert.equal(sockets.length, 2);
});

test("a page that stood still reads what came meanwhile before it doubts its socket", () => {
  const opened = connected();
  opened.send({ type: "probe", id: 1, t1_ms: 0 });
  nowS += 20;
  mock.timers.tick(1000);
  assert.equal(latest().closed, false);
  latest().say({ type: "statuses", statuses: [] });
  pass(10);
  assert.equal(sockets.length, 1);
});

test("a page whose timers are always late notices a dead socket all the same", () => {
  const opened = connected();
  opened.send({ type: "probe", id: 1, t1_ms: 0 });
  for (let minute = 0; minute < 2; minute++) {
    nowS += 60;
    mock.timers.tick(1000);
  }
  assert.equal(sockets[0].closed, true);
});

test("any traffic shows that a socket lives", () => {
  const opened = connected();
  for (let i = 0; i < 10; i++) {
    opened.send({ type: "probe", id: i, t1_ms: 0 });
    pass(4);
    latest().say({ type: "statuses", statuses: [] });
  }
  assert.equal(sockets.length, 1);
});

test("silence is no sign of death while nothing is asked", () => {
  connected();
  pass(60);
  assert.equal(sockets.length, 1);
});

test("a page that wakes doubts its socket sooner", () => {
  const opened = connected();
  opened.wake();
  opened.send({ type: "probe", id: 1, t1_ms: 0 });
  pass(4);
  assert.equal(sockets.length, 2);
});

test("a page that wakes while waiting tries at once", () => {
  const opened = connected();
  for (let i = 0; i < 6; i++) {
    latest().drop();
    pass(8);
  }
  latest().drop();
  const before = sockets.length;
  opened.wake();
  assert.equal(sockets.length, before + 1);
});

test("a handshake that never ends is given up", () => {
  connection().open();
  pass(11);
  assert.equal(sockets[0].closed, true);
  assert.equal(sockets.length, 2);
});

for (const reason of ["removed", "elsewhere", "left", "protocol"]) {
  test(`after “${reason}” the page stays away`, () => {
    connected();
    latest().say({ type: "ended", reason, message: "" });
    latest().drop();
    pass(60);
    assert.equal(sockets.length, 1);
    assert.equal(links.at(-1), "idle");
  });
}

test("after the host ended the session the page keeps looking for it", () => {
  connected();
  latest().say({ type: "ended", reason: "host_ended", message: "" });
  latest().drop();
  pass(1);
  assert.equal(sockets.length, 2);
});

test("a client that was too slow takes a rest before it comes back", () => {
  connected();
  latest().say({ type: "ended", reason: "too_slow", message: "" });
  latest().drop();
  pass(4.5);
  assert.equal(sockets.length, 1);
  pass(1);
  assert.equal(sockets.length, 2);
});

test("once closed, nothing is delivered and nothing comes back", () => {
  const opened = connected();
  const socket = latest();
  opened.close();
  socket.say({ type: "statuses", statuses: [] });
  socket.drop();
  pass(20);
  assert.equal(delivered.length, 1);
  assert.equal(sockets.length, 1);
});

test("a frame that can't be read is ignored with a warning", (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  connected();
  latest().onmessage?.({ data: "{" });
  latest().say({ type: "statuses", statuses: [] });
  assert.equal(warn.mock.callCount(), 1);
  assert.deepEqual(delivered.map(({ type }) => type), ["welcome", "statuses"]);
});

test("what a bug report tells: how often it was welcomed, and how it last ended", () => {
  const link = connected();
  assert.deepEqual(link.tally(nowS), { opened: 1, lastClose: null });
  latest().drop();
  pass(3);
  latest().accept();
  latest().say(WELCOME);
  const { opened, lastClose } = link.tally(nowS);
  assert.equal(opened, 2);
  assert.equal(lastClose?.why, "lost");
  assert.equal(lastClose?.agoS, nowS);
});
