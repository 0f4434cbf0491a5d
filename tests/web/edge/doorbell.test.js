// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Doorbell } from "../../../web/edge/doorbell.js";
import { JoinError } from "../../../web/edge/session.js";
import { settled } from "../fakes.js";

/** @type {import("../../../web/edge/session.js").Session} */
const SESSION = { room: "Friday", pin_required: true, signed_in: true, name: "Ana", role: "guest" };

/** @type {boolean} */
let reachable;
/** @type {number} */
let asked;
/** @type {string[]} */
let heard;
/** @type {Doorbell} */
let doorbell;

const caller = {
  answered: (/** @type {{room: string}} */ { room }) => void heard.push(room),
  unanswered: (/** @type {string} */ why) => void heard.push(why),
};

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  reachable = false;
  asked = 0;
  heard = [];
  doorbell = new Doorbell(
    async () => {
      asked += 1;
      if (!reachable) throw new JoinError("unreachable", "nobody");
      return SESSION;
    },
    () => 1,
  );
});

afterEach(() => mock.timers.reset());

/** @param {number} seconds */
async function pass(seconds) {
  for (let i = 0; i < seconds * 4; i++) {
    mock.timers.tick(250);
    await settled();
  }
}

test("a host that is there answers at once, and is asked once", async () => {
  reachable = true;
  await doorbell.ring(caller);
  await pass(30);
  assert.deepEqual(heard, ["Friday"]);
  assert.equal(asked, 1);
});

test("a host that can't be reached is asked until it answers, ever more patiently", async () => {
  await doorbell.ring(caller);
  await pass(60);
  assert.ok(asked > 7 && asked < 15, `asked ${asked} times`);
  reachable = true;
  await pass(8);
  assert.equal(heard.at(0), "nobody");
  assert.equal(heard.at(-1), "Friday");
  const times = asked;
  await pass(30);
  assert.equal(asked, times);
});

test("the network's return is not waited out", async () => {
  await doorbell.ring(caller);
  await pass(20);
  reachable = true;
  doorbell.wake();
  await settled();
  assert.equal(heard.at(-1), "Friday");
  doorbell.wake();
  await settled();
  assert.equal(heard.filter((word) => word === "Friday").length, 1);
});

test("a person who went on hears nothing more", async () => {
  const ringing = doorbell.ring(caller);
  doorbell.stop();
  await ringing;
  await pass(20);
  assert.deepEqual(heard, []);
  assert.equal(asked, 1);
});
