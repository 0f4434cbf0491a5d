// @ts-check
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { fetchSession, join, JoinError } from "../../../web/edge/session.js";

afterEach(() => mock.restoreAll());

/**
 * @param {number} status
 * @param {object | string} body
 */
function server(status, body) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return mock.method(globalThis, "fetch", async () => new Response(text, { status }));
}

test("joining posts what was given and returns who one is", async () => {
  const asked = server(200, { id: "p1", name: "Ana", role: "guest" });
  assert.deepEqual(await join({ name: "Ana", pin: "123456" }), {
    id: "p1", name: "Ana", role: "guest",
  });
  const [path, init] = asked.mock.calls[0].arguments;
  assert.equal(path, "/join");
  assert.deepEqual(JSON.parse(String(init?.body)), { name: "Ana", pin: "123456" });
});

test("a refusal carries the server's words and how long to wait", async () => {
  server(429, { error: { code: "too_many_tries", message: "Wait.", retry_after_s: 8.5 } });
  await assert.rejects(join({ name: "Ana", pin: "1" }), (error) => {
    assert.ok(error instanceof JoinError);
    assert.equal(error.code, "too_many_tries");
    assert.equal(error.message, "Wait.");
    assert.equal(error.retryAfterS, 8.5);
    return true;
  });
});

test("an answer from something that is not Matinee is still an answer", async () => {
  server(502, "<html>Bad gateway</html>");
  await assert.rejects(join({ name: "Ana" }), /error 502/);
});

test("a host that can't be reached is said in words", async () => {
  mock.method(globalThis, "fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  await assert.rejects(fetchSession(), { code: "unreachable", message: /can’t be reached/ });
});

test("a host that stays silent is one that can't be reached", async () => {
  const patience = new AbortController();
  mock.method(AbortSignal, "timeout", () => patience.signal);
  mock.method(globalThis, "fetch", (/** @type {string} */ _path, /** @type {RequestInit} */ init) => {
    return new Promise((_, reject) => init.signal?.addEventListener("abort", reject));
  });
  const asked = fetchSession();
  patience.abort();
  await assert.rejects(asked, { code: "unreachable", message: /can’t be reached/ });
});

test("a page that is not the host's answer is a host that can't be reached", async () => {
  server(200, "<html>Welcome to this hotel</html>");
  await assert.rejects(fetchSession(), { code: "unreachable", message: /can’t be reached/ });
});
