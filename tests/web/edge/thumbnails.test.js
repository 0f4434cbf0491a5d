// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Thumbnails } from "../../../web/edge/thumbnails.js";
import { settled } from "../fakes.js";

/** @type {any} */
const FILM = { id: "a", video_codec: "h264" };

/** A picture whose network is the test. */
class FakeImage {
  naturalWidth = 192;
  naturalHeight = 108;
  src = "";
  /** @type {() => void} */
  onload = () => {};
  /** @type {() => void} */
  onerror = () => {};

  constructor() {
    images.push(this);
  }
}

/** @type {FakeImage[]} */
let images;
/** @type {boolean} */
let reachable;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  images = [];
  reachable = true;
  Object.assign(globalThis, {
    Image: FakeImage,
    fetch: async () => {
      if (!reachable) throw new TypeError("nobody");
      return Response.json({ interval_s: 5, count: 12 });
    },
  });
});

afterEach(() => mock.timers.reset());

test("pictures are asked for again after a moment without a connection", async () => {
  const thumbnails = new Thumbnails(() => {});
  reachable = false;
  thumbnails.at(FILM, 7);
  await settled();
  reachable = true;
  thumbnails.at(FILM, 7);
  await settled();
  thumbnails.at(FILM, 7);
  assert.equal(images.length, 0, "but not at each move of the pointer");
  mock.timers.tick(10_000);
  thumbnails.at(FILM, 7);
  await settled();
  thumbnails.at(FILM, 7);
  assert.equal(images.at(-1)?.src, "/media/a/thumbnails/1.jpg");
});

test("a picture that did not come is asked for again, later", async () => {
  const thumbnails = new Thumbnails(() => {});
  thumbnails.at(FILM, 7);
  await settled();
  thumbnails.at(FILM, 7);
  images[0].onerror();
  assert.equal(thumbnails.at(FILM, 7), null);
  assert.equal(images.length, 1);
  mock.timers.tick(60_000);
  assert.equal(thumbnails.at(FILM, 7), null);
  images[1].onload();
  assert.equal(thumbnails.at(FILM, 7)?.address, "/media/a/thumbnails/1.jpg");
});
