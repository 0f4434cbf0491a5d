// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { WakeLock } from "../../../web/edge/wake_lock.js";
import { settled } from "../fakes.js";

/** @type {{released: boolean, release: () => Promise<void>}[]} */
let locks;
/** @type {EventTarget & {hidden?: boolean}} */
let page;

/** @param {object} navigator */
function browser(navigator) {
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

const offering = {
  wakeLock: {
    request: async () => {
      const lock = { released: false, release: async () => void (lock.released = true) };
      locks.push(lock);
      return lock;
    },
  },
};

beforeEach(() => {
  locks = [];
  page = new EventTarget();
  page.hidden = false;
  Object.assign(globalThis, { document: page });
  browser(offering);
});

test("the screen stays awake while it should, and no longer", async () => {
  const lock = new WakeLock();
  lock.hold(true);
  lock.hold(true);
  await settled();
  assert.equal(locks.length, 1);
  lock.hold(false);
  await settled();
  assert.equal(locks[0].released, true);
});

test("the lock that the browser drops with a hidden page is taken again", async () => {
  const lock = new WakeLock();
  lock.hold(true);
  await settled();
  locks[0].released = true;
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  assert.equal(locks.length, 1);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  assert.equal(locks.length, 2);
});

test("a pause in the middle of the asking leaves no lock behind", async () => {
  const lock = new WakeLock();
  lock.hold(true);
  lock.hold(false);
  await settled();
  assert.deepEqual(locks.map(({ released }) => released), [true]);
});

test("asking twice in the same instant leaves no lock behind", async () => {
  const lock = new WakeLock();
  lock.hold(true);
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  lock.hold(false);
  await settled();
  assert.ok(locks.length > 0 && locks.every(({ released }) => released));
});

test("an insecure origin, or a refusal, only lets the screen go dark", async () => {
  browser({});
  new WakeLock().hold(true);
  const refuse = async () => {
    throw new DOMException("", "NotAllowedError");
  };
  browser({ wakeLock: { request: refuse } });
  new WakeLock().hold(true);
  await settled();
});
