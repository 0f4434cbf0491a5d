// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Poster } from "../../../web/ui/poster.js";
import { FakePage } from "../fakes.js";
import { FILM, room } from "../fixtures.js";

/** @type {FakePage} */
let page;
/** @type {Poster} */
let poster;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  page = new FakePage();
  poster = new Poster();
});

afterEach(() => mock.timers.reset());

/** @param {string} state @param {Partial<typeof FILM> | null} [item] */
function show(state, item = {}) {
  poster.showPlayback(/** @type {any} */ ({ state }), room({ item: item && { ...FILM, ...item } }));
}

const seen = () => page.byId("film").poster;

test("a film that is long in coming shows a picture from near its beginning", () => {
  show("loading");
  mock.timers.tick(900);
  assert.equal(seen(), "");
  mock.timers.tick(100);
  assert.equal(seen(), "/media/film1/thumbnails/1.jpg");
});

test("its cover, where it has one; the first picture, where there are no more; none of mere sound", () => {
  const pictures = [{ cover: true }, { duration_s: 3 }, { video_codec: null }].map((item, index) => {
    show("loading", { ...item, id: `film${index}` });
    mock.timers.tick(1000);
    return seen();
  });
  assert.deepEqual(pictures, ["/media/film0/cover", "/media/film1/thumbnails/0.jpg", ""]);
});

test("of a film that is there at once no picture is asked for", () => {
  show("loading");
  mock.timers.tick(500);
  show("resting");
  mock.timers.tick(5000);
  assert.equal(seen(), "");
});

test("the picture goes with its film", () => {
  show("loading");
  mock.timers.tick(1000);
  show("loading", null);
  mock.timers.tick(1000);
  assert.equal(seen(), "");
});
