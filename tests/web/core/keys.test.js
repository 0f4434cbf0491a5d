// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { meaningOf } from "../../../web/core/keys.js";

/** @param {string} key @param {object} [changes] */
const press = (key, changes = {}) =>
  meaningOf({ key, chord: false, repeat: false, target: "body", ...changes });

test("the player's keys", () => {
  /** @type {[string, object][]} */
  const cases = [
    [" ", { wish: { kind: "toggle" } }],
    ["K", { wish: { kind: "toggle" } }],
    ["ArrowLeft", { wish: { kind: "nudge", byS: -5 } }],
    ["ArrowRight", { wish: { kind: "nudge", byS: 5 } }],
    ["j", { wish: { kind: "nudge", byS: -10 } }],
    ["l", { wish: { kind: "nudge", byS: 10 } }],
    [",", { wish: { kind: "step", frames: -1 } }],
    [".", { wish: { kind: "step", frames: 1 } }],
    ["<", { wish: { kind: "slower" } }],
    [">", { wish: { kind: "faster" } }],
    ["m", { own: "mute" }],
    ["F", { own: "fullscreen" }],
    ["c", { own: "subtitles" }],
  ];
  for (const [key, meaning] of cases) assert.deepEqual(press(key), meaning);
});

test("keys mean nothing while somebody types or chooses", () => {
  for (const target of ["input", "textarea", "select"]) assert.equal(press("k", { target }), null);
});

test("Space presses the button that has the focus; letters still work", () => {
  assert.equal(press(" ", { target: "button" }), null);
  assert.deepEqual(press("m", { target: "button" }), { own: "mute" });
});

test("arrows belong to the volume slider that has the focus, not to the film", () => {
  assert.equal(press("ArrowLeft", { target: "slider" }), null);
  assert.deepEqual(press("ArrowLeft", { target: "range" }), { wish: { kind: "nudge", byS: -5 } });
});

test("the browser's own shortcuts stay the browser's", () => {
  assert.equal(press("l", { chord: true }), null);
});

test("a held key goes on seeking but does not toggle again and again", () => {
  assert.deepEqual(press("ArrowRight", { repeat: true }), { wish: { kind: "nudge", byS: 5 } });
  assert.equal(press(" ", { repeat: true }), null);
  assert.equal(press("m", { repeat: true }), null);
});

test("other keys are left alone", () => {
  for (const key of ["x", "Enter", "Tab", "Escape", "constructor"]) assert.equal(press(key), null);
});
