// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../web/core/store.js";
import { clockTime, doing, quoted, speed, whoHasControl } from "../../../web/core/wording.js";
import { cause, PAUSED, room, STATUS, WELCOME } from "../fixtures.js";

test("times read as people write them", () => {
  assert.deepEqual([0, 5.99, 65, 600, 3723.4, -1].map(clockTime), [
    "0:00", "0:05", "1:05", "10:00", "1:02:03", "0:00",
  ]);
});

test("speeds lose needless zeros", () => {
  assert.deepEqual([1, 1.5, 0.75, 2].map(speed), ["1×", "1.5×", "0.75×", "2×"]);
});

test("everyone reads who has control, and the controller reads “you”", () => {
  assert.equal(whoHasControl(room()), "Holly has control");
  assert.equal(whoHasControl(room({ you: "host" })), "You have control");
});

const timelineSaid = [
  ["play", {}, "Bo pressed play"],
  ["pause", {}, "Bo paused at 0:12"],
  ["pause", { by: null, name: "" }, "Paused at 0:12"],
  ["pause", { by: "ana", name: "Ana" }, "You paused at 0:12"],
  ["seek", {}, "Bo went to 0:12"],
  ["step", {}, "Bo stepped to 0:12"],
  ["set_rate", {}, "Bo set the speed to 1×"],
  ["end", { by: null, name: "" }, "The film has ended"],
  ["follow_host", {}, "The room follows the host’s screen: its sound device keeps its own time"],
  ["followed_host", { by: null }, "The room is in step with the host’s screen again"],
];
for (const [action, by, text] of /** @type {[string, any, string][]} */ (timelineSaid)) {
  test(`says “${text}”`, () => {
    const message = {
      type: /** @type {const} */ ("timeline"),
      timeline: { ...PAUSED, revision: 9 },
      cause: cause(action, { by: "bo", name: "Bo", ...by }),
    };
    assert.equal(reduce(room(), message).notice?.text, text);
  });
}

test("a film that starts over needs no words", () => {
  const loop = cause("loop", { by: null });
  const state = reduce(room(), { type: "timeline", timeline: { ...PAUSED }, cause: loop });
  assert.equal(state.notice, null);
});

const controlSaid = [
  ["take", { by: "bo", name: "Bo" }, "bo", "Bo has control"],
  ["take", { by: "ana", name: "Ana" }, "ana", "You have control"],
  ["release", { by: "bo", name: "Bo" }, "host", "Holly has control"],
  ["grace_over", {}, "host", "Holly has control"],
  ["grant", { by: "host", name: "Holly", to: "ana", to_name: "Ana" }, "ana", "Holly gave control to you"],
  ["grant", { by: "host", name: "Holly", to: "bo", to_name: "Bo" }, "bo", "Holly gave control to Bo"],
  ["ask", { by: "bo", name: "Bo" }, "host", "Bo asks for control"],
  ["decline", { by: "host", name: "Holly", to: "ana" }, "host", "Holly declined your request for control"],
  ["set_policy", { by: "host", name: "Holly" }, "host", "Anyone may take control"],
];
for (const [action, by, controller, text] of /** @type {[string, any, string, string][]} */ (controlSaid)) {
  test(`says “${text}” for ${action}`, () => {
    const control = { ...WELCOME.control, controller };
    const state = reduce(room(), { type: "control", control, cause: cause(action, by) });
    assert.equal(state.notice?.text, text);
  });
}

test("somebody's refused request is nobody else's business", () => {
  const declined = cause("decline", { by: "host", name: "Holly", to: "bo", to_name: "Bo" });
  const state = reduce(room(), { type: "control", control: WELCOME.control, cause: declined });
  assert.equal(state.notice, null);
});

test("joining, losing the connection and coming back are told apart", () => {
  const bo = WELCOME.people[2];
  const cy = { ...bo, id: "cy", name: "Cy" };
  const lost = reduce(room(), { type: "joined", person: { ...bo, connected: false } });
  const back = reduce(lost, { type: "joined", person: bo });
  const joined = reduce(back, { type: "joined", person: cy });
  assert.deepEqual(
    [lost, back, joined].map(({ notice }) => notice?.text),
    ["Bo lost the connection", "Bo is back", "Cy joined"],
  );
  assert.equal(reduce(joined, { type: "left", id: "cy", reason: "left" }).notice?.text, "Cy left");
});

test("one's own arrival is no news", () => {
  const state = reduce(room(), { type: "joined", person: WELCOME.people[1] });
  assert.equal(state.notice, null);
});

test("a name from right to left does not turn the sentence around", () => {
  assert.equal(quoted("أمل"), "\u2068أمل\u2069");
  assert.equal(quoted("Ana"), "Ana");
});

test("how somebody is doing, in words", () => {
  const bo = WELCOME.people[2];
  assert.equal(doing(bo, undefined), "Joining");
  assert.equal(doing(bo, STATUS), "In sync");
  assert.equal(doing({ ...bo, connected: false }, STATUS), "Connection lost");
});
