// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decodeServer } from "../../../web/core/messages.js";
import { INITIAL, isOver, reduce, Store } from "../../../web/core/store.js";
import { cause, FILM, PAUSED, room, STATUS, WELCOME } from "../fixtures.js";

const PLAYING = { ...PAUSED, playing: true, revision: 2 };

test("a welcome puts the page into the room, whatever was before", () => {
  const ended = reduce(room(), { type: "ended", reason: "host_ended", message: "Over." });
  const state = reduce(ended, WELCOME);
  assert.equal(state.place, "room");
  assert.equal(state.link, "open");
  assert.equal(state.ended, null);
  assert.deepEqual(state.item, FILM);
});

test("a welcome replaces people who left meanwhile", () => {
  const state = reduce(room(), { ...WELCOME, people: WELCOME.people.slice(0, 2) });
  assert.deepEqual(state.people.map(({ id }) => id), ["host", "ana"]);
});

test("a change of the timeline is taken over and said", () => {
  const state = reduce(room(), { type: "timeline", timeline: PLAYING, cause: cause("play") });
  assert.equal(state.timeline, PLAYING);
  assert.equal(state.notice?.text, "Bo pressed play");
});

test("another film comes with its timeline", () => {
  const item = { ...FILM, id: "film2", title: "Another" };
  const timeline = { ...PAUSED, item_id: "film2", position_s: 0 };
  const state = reduce(room(), { type: "item", item, timeline, cause: cause("open") });
  assert.equal(state.item, item);
  assert.equal(state.timeline, timeline);
  assert.equal(state.notice?.text, "Bo opened Another");
});

test("somebody new is added at the end, somebody known stays in place", () => {
  const cy = /** @type {const} */ ({ id: "cy", name: "Cy", role: "guest", connected: true });
  const one = reduce(room(), { type: "joined", person: cy });
  const two = reduce(one, { type: "joined", person: { ...WELCOME.people[1], connected: false } });
  assert.deepEqual(two.people.map(({ id }) => id), ["host", "ana", "bo", "cy"]);
  assert.equal(two.people[1].connected, false);
});

test("who left is forgotten with their status, and named", () => {
  const known = reduce(room(), {
    type: "statuses",
    statuses: [STATUS],
  });
  const state = reduce(known, { type: "left", id: "bo", reason: "removed" });
  assert.equal(state.people.length, 2);
  assert.deepEqual(state.statuses, {});
  assert.equal(state.notice?.text, "Bo was removed by the host");
});

test("statuses are deltas", () => {
  const statuses = [{ ...STATUS, id: "ana" }, STATUS];
  const one = reduce(room(), { type: "statuses", statuses });
  const two = reduce(one, { type: "statuses", statuses: [{ ...STATUS, error_ms: 9 }] });
  assert.equal(two.statuses.ana.error_ms, 1);
  assert.equal(two.statuses.bo.error_ms, 9);
});

test("a refusal is said, and changes nothing else", () => {
  const before = room();
  const after = reduce(before, { type: "refused", of: "play", code: "x", message: "No." });
  assert.deepEqual({ ...after, notice: null }, { ...before, notice: null });
  assert.deepEqual(after.notice, { serial: 1, text: "No.", tone: "warning" });
});

test("a lost link keeps the room on screen", () => {
  const state = reduce(room(), { type: "link", link: "lost", why: "No answer." });
  assert.equal(state.place, "room");
  assert.equal(state.why, "No answer.");
  assert.equal(state.people.length, 3);
});

test("back in the lobby nothing of the room is left but its name", () => {
  assert.deepEqual(reduce(room(), { type: "lobby" }), { ...INITIAL, room: "Friday" });
});

test("an ending ends the visit; who was only too slow is soon back", () => {
  /** @param {"host_ended" | "elsewhere" | "too_slow"} reason */
  const after = (reason) => reduce(room(), { type: "ended", reason, message: "" });
  assert.equal(isOver(room()), false);
  assert.equal(isOver(after("host_ended")), true);
  assert.equal(isOver(after("elsewhere")), true);
  assert.equal(isOver(after("too_slow")), false);
  assert.equal(isOver(reduce(after("host_ended"), WELCOME)), false);
});

test("what is wrong with the film is not said again because the link was lost", () => {
  const failed = /** @type {const} */ ({
    type: "preparation", item: FILM.id, what: "convert", state: "failed", progress: 0, left_s: null, place: 0,
    message: "Its end is missing.",
  });
  const problem = /** @type {const} */ ({ type: "problem", code: "film_growing", message: "It goes on." });
  /** @param {import("../../../web/core/store.js").Fact[]} facts */
  const said = (...facts) => facts.reduce(reduce, reduce(reduce(room(), failed), problem)).notice?.serial;
  assert.equal(said(), 2);
  assert.equal(said({ type: "link", link: "lost" }, WELCOME, failed, problem), 2);
  assert.equal(said(WELCOME, failed, { type: "lobby" }, WELCOME, failed), 1, "another visit");
  const resumed = /** @type {const} */ ([WELCOME, failed, problem, { type: "link", link: "lost" }]);
  assert.equal(said(...resumed, ...resumed, ...resumed), 2);
  assert.equal(said(WELCOME, { type: "link", link: "lost" }, WELCOME, failed), 3, "it was well meanwhile");
  const loss = /** @type {const} */ ({ type: "problem", code: "unreadable", message: "Its disk is gone." });
  assert.equal(said(loss, WELCOME, loss), 4, "the room rests for it");
  assert.equal(said(WELCOME, failed, { ...problem, message: "It can’t be read." }), 3);
  assert.equal(said(failed), 3, "it happened again");
  assert.equal(said(WELCOME, failed, { type: "statuses", statuses: [STATUS] }, failed), 3, "so it did");
  assert.equal(said({ type: "lobby" }, WELCOME, failed), 1, "another visit");
  const another = { ...FILM, id: "film2" };
  assert.equal(said({ ...WELCOME, item: another }, { ...failed, item: "film2" }), 3, "another film");
});

test("subscribers hear of changes until they unsubscribe", () => {
  const store = new Store();
  /** @type {string[]} */
  const heard = [];
  const stop = store.subscribe((now, before) => heard.push(`${before.link}→${now.link}`));
  store.apply({ type: "link", link: "connecting" });
  stop();
  stop();
  store.apply({ type: "link", link: "lost" });
  assert.deepEqual(heard, ["idle→connecting"]);
});

test("a message that means nothing to the store wakes nobody", () => {
  const store = new Store();
  store.subscribe(() => assert.fail("nothing changed"));
  store.apply({ type: "probe_reply", id: 1, t1_ms: 0, t2_s: 0, t3_s: 0 });
});

test("guests are told once when the host's own player gives up", () => {
  const status = { ...STATUS, id: "host", state: /** @type {const} */ ("cannot_play"), reason: "No decoder." };
  const told = reduce(room(), { type: "statuses", statuses: [status] });
  assert.equal(told.notice?.text, "The host’s own player can’t play this film: No decoder.");
  const again = reduce(told, { type: "statuses", statuses: [{ ...status, rtt_ms: 9 }] });
  assert.equal(again.notice?.serial, told.notice?.serial);
  const host = reduce(room({ you: "host" }), { type: "statuses", statuses: [status] });
  assert.equal(host.notice, null);
});

const preparations = JSON.parse(
  readFileSync(new URL("../../vectors/preparations.json", import.meta.url), "utf8"),
);

for (const { name, told, shown, notice } of preparations) {
  test(`preparations: ${name}`, () => {
    const facts = told.map((/** @type {any} */ fact) => decodeServer(JSON.stringify(fact)));
    const state = facts.reduce(reduce, room());
    assert.equal(state.preparation?.what ?? null, shown);
    assert.equal(state.notice?.text ?? null, notice);
  });
}
