// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import * as storage from "../../../web/edge/storage.js";

class FakeStorage {
  /** @type {Map<string, string>} */
  items = new Map();
  /** @param {string} key */
  getItem = (key) => this.items.get(key) ?? null;
  /** @param {string} key @param {string} value */
  setItem = (key, value) => void this.items.set(key, value);
  /** @param {string} key */
  removeItem = (key) => void this.items.delete(key);
}

/** @param {unknown} local @param {unknown} session */
function browser(local, session) {
  for (const [name, value] of Object.entries({ localStorage: local, sessionStorage: session })) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
}

beforeEach(() => browser(new FakeStorage(), new FakeStorage()));

test("name and sound are remembered; sound is the default", () => {
  assert.equal(storage.rememberedName(), "");
  assert.equal(storage.rememberedSound(), true);
  storage.remember("Ana", false);
  assert.equal(storage.rememberedName(), "Ana");
  assert.equal(storage.rememberedSound(), false);
});

test("a device's delay is remembered; there is none at first, and none where nonsense stands", () => {
  assert.equal(storage.rememberedDelayMs(), 0);
  storage.rememberDelay(-120);
  assert.equal(storage.rememberedDelayMs(), -120);
  localStorage.setItem("matinee.delay", "soon");
  assert.equal(storage.rememberedDelayMs(), 0);
  localStorage.setItem("matinee.delay", "90000");
  assert.equal(storage.rememberedDelayMs(), 500);
});

test("one's own soundtrack is remembered", () => {
  assert.equal(storage.rememberedSoundtrack(), null);
  const wanted = { index: 1, item: "film1", language: "fra", title: "" };
  storage.rememberSoundtrack(wanted);
  assert.deepEqual(storage.rememberedSoundtrack(), wanted);
  storage.rememberSoundtrack(null);
  assert.equal(storage.rememberedSoundtrack(), null);
  localStorage.setItem("matinee.soundtrack", "{nonsense");
  assert.equal(storage.rememberedSoundtrack(), null);
});

test("a tab knows after a reload that it was in the room, until it left", () => {
  assert.equal(storage.wasInside(), false);
  storage.rememberInside(true);
  assert.equal(storage.wasInside(), true);
  storage.rememberInside(false);
  assert.equal(storage.wasInside(), false);
});

test("a browser that refuses storage only forgets", () => {
  const refusing = () => {
    throw new DOMException("", "SecurityError");
  };
  browser({ getItem: refusing, setItem: refusing }, { getItem: refusing, setItem: refusing });
  storage.remember("Ana", false);
  storage.rememberInside(true);
  assert.equal(storage.rememberedName(), "");
  assert.equal(storage.rememberedSound(), true);
  assert.equal(storage.wasInside(), false);
});
