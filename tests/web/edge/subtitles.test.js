// @ts-check
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { Subtitles } from "../../../web/edge/subtitles.js";
import { settled } from "../fakes.js";

const bytes = new TextEncoder();
const CUE = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nHello\n\n";
const PICTURE = '{"n":0,"start_s":1,"end_s":3,"x":0,"y":0,"width":1,"height":1},\n';

/** @param {string[]} pieces */
function streamOf(pieces) {
  return new ReadableStream({
    start(stream) {
      for (const piece of pieces) stream.enqueue(bytes.encode(piece));
      stream.close();
    },
  });
}

/**
 * What is told last of subtitles that the host answers like this.
 * @param {"text" | "picture"} kind
 * @param {...string} pieces
 */
async function toldOf(kind, ...pieces) {
  return (await allToldOf(kind, ...pieces)).at(-1);
}

/**
 * All that is told of them.
 * @param {"text" | "picture"} kind
 * @param {...string} pieces
 */
async function allToldOf(kind, ...pieces) {
  /** @type {[string, boolean][]} */
  const told = [];
  Object.assign(globalThis, {
    fetch: async () => new Response(streamOf(pieces)),
    requestAnimationFrame: () => 0,
  });
  const film = /** @type {any} */ ({ currentTime: 0, addEventListener: () => {} });
  const subtitles = new Subtitles(film, {
    shown: () => {},
    told: (text, error) => told.push([text, error]),
  });
  subtitles.show({ kind, address: "/x", language: "", label: "" });
  for (let turn = 0; turn < 20; turn++) await settled();
  return told;
}

test("subtitles that were read to their end need no word", async () => {
  assert.deepEqual(await toldOf("text", CUE), ["", false]);
  assert.deepEqual(await toldOf("picture", `{"pictures":[\n${PICTURE}{"read":1}\n]}\n`), ["", false]);
});

test("how far the host is with reading them is said, and how long the rest takes", async () => {
  const answers = [
    ["NOTE read 0.421 25\n\n", '{"read":0.421,"left_s":25}', "42 % · about 25 s left"],
    ["NOTE read 0.421 180\n\n", '{"read":0.421,"left_s":180}', "42 % · about 3 min left"],
    ["NOTE read 0.421\n\n", '{"read":0.421}', "42 %"],
  ];
  for (const [note, read, far] of answers) {
    const words = `Reading the subtitles… ${far}`;
    assert.deepEqual((await allToldOf("text", `${CUE}${note}`)).at(-2), [words, false]);
    const list = [`{"pictures":[\n${PICTURE}${read},\n`, '{"read":1}\n]}\n'];
    assert.deepEqual((await allToldOf("picture", ...list)).at(-2), [words, false]);
  }
});

test("how far it is, is not told from a number that is cut in two", async () => {
  const told = await allToldOf("text", `${CUE}NOTE read 0.42`, "1 31\n\n");
  assert.ok(!told.some(([text]) => text.includes("%")));
});

test("why there is no more of them is said as the host says it", async () => {
  const why = "Their “disk” is asleep.";
  assert.deepEqual(await toldOf("text", `${CUE}NOTE broken ${why}\n\n`), [`Incomplete. ${why}`, true]);
  const list = `{"pictures":[\n${PICTURE}{"broken":${JSON.stringify(why)}},\n{"read":1}\n]}\n`;
  assert.deepEqual(await toldOf("picture", list), [`Incomplete. ${why}`, true]);
});

test("the network may cut the host's word anywhere", async () => {
  const whole = `${CUE}NOTE broken It is asleep.\n\n`;
  const list = `{"pictures":[\n${PICTURE}{"broken":"It is asleep."},\n{"read":1}\n]}\n`;
  for (let at = 1; at < 26; at++) {
    const text = [whole.slice(0, -at), whole.slice(-at)];
    assert.deepEqual(await toldOf("text", ...text), ["Incomplete. It is asleep.", true]);
    const pictures = [list.slice(0, -at - 14), list.slice(-at - 14)];
    assert.deepEqual(await toldOf("picture", ...pictures), ["Incomplete. It is asleep.", true]);
  }
});

test("a line of the film is not taken for the host's word", async () => {
  const said = "00:00:01.000 --> 00:00:03.000\nNOTE broken hearts\n\n";
  assert.deepEqual(await toldOf("text", `WEBVTT\n\n${said}`), ["", false]);
});

/** A watcher of subtitles, whose frames, network and time are the test. */
class Watcher {
  /** @type {[string, boolean][]} */
  told = [];
  /** @type {any[]} */
  cues = [];
  /** @type {string[]} */
  fetched = [];
  /** @type {() => Response} throws: no network */
  answer = () => new Response(streamOf([CUE]));
  asked = 0;
  /** @type {() => void} */
  #frame = () => {};
  film = Object.assign(new EventTarget(), { currentTime: 0, addTextTrack: () => this.track });
  /** The browser's own text track. */
  track = {
    mode: "disabled",
    cues: /** @type {any[]} */ ([]),
    addCue: (/** @type {any} */ cue) => void this.track.cues.push(cue),
    removeCue: (/** @type {any} */ cue) => void this.track.cues.splice(this.track.cues.indexOf(cue), 1),
  };

  constructor() {
    const { fetched } = this;
    mock.timers.enable({ apis: ["setTimeout"] });
    Object.assign(globalThis, {
      fetch: async () => (this.asked++, this.answer()),
      requestAnimationFrame: (/** @type {() => void} */ frame) => void (this.#frame = frame),
      Image: class {
        /** @param {string} address */
        set src(address) {
          fetched.push(address);
        }
      },
      VTTCue: class {
        /** @param {number} start @param {number} end @param {string} text */
        constructor(start, end, text) {
          Object.assign(this, { start, end, text });
        }
      },
    });
    this.subtitles = new Subtitles(/** @type {any} */ (this.film), {
      shown: (cues) => (this.cues = cues),
      told: (text, error) => this.told.push([text, error]),
    });
  }

  /** @param {string} address @param {"text" | "picture"} [kind] */
  async show(address, kind = "text") {
    this.subtitles.show({ kind, address, language: "", label: "" });
    await this.turns();
  }

  /** @param {number} positionS */
  async at(positionS) {
    this.film.currentTime = positionS;
    await this.turns();
    this.#frame();
  }

  async turns() {
    for (let turn = 0; turn < 20; turn++) await settled();
  }

  get warnings() {
    return this.told.filter(([, error]) => error).map(([text]) => text);
  }
}

afterEach(() => mock.timers.reset());

test("that the host is away is said once, and what is known stays", async () => {
  const watcher = new Watcher();
  const pieces = [CUE];
  const cut = new ReadableStream({
    pull(stream) {
      const piece = pieces.pop();
      if (piece) stream.enqueue(bytes.encode(piece));
      else stream.error(new TypeError("gone"));
    },
  });
  watcher.answer = () => new Response(cut);
  await watcher.show("/0.vtt");
  watcher.answer = () => {
    throw new TypeError("nobody");
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    mock.timers.tick(3000);
    await watcher.at(2);
    assert.equal(watcher.cues[0].runs[0].text, "Hello");
  }
  assert.equal(watcher.warnings.length, 1);
  watcher.answer = () => new Response(streamOf([CUE.replace("Hello", "Back")]));
  mock.timers.tick(3000);
  await watcher.at(2);
  assert.deepEqual(watcher.cues.map(({ runs }) => runs[0].text), ["Back"]);
  assert.deepEqual(watcher.told.at(-1), ["", false]);
});

test("nobody waits for a host that is gone for good", async () => {
  const watcher = new Watcher();
  watcher.answer = () => {
    throw new TypeError("nobody");
  };
  await watcher.show("/0.vtt");
  watcher.subtitles.show(null);
  mock.timers.tick(9000);
  await watcher.turns();
  assert.equal(watcher.asked, 1);
});

test("what could not be read is asked for once more when that is worth it", async () => {
  const watcher = new Watcher();
  watcher.answer = () => Response.json({ error: { message: "Asleep." } }, { status: 404 });
  await watcher.show("/0.vtt");
  assert.deepEqual(watcher.warnings, ["Asleep."]);
  watcher.answer = () => new Response(streamOf([CUE]));
  await watcher.show("/0.vtt");
  assert.equal(watcher.asked, 1, "not for being shown as before");
  watcher.subtitles.retry();
  await watcher.at(2);
  assert.equal(watcher.cues.length, 1);
  watcher.subtitles.retry();
  assert.equal(watcher.asked, 2, "all is well");
});

test("the next picture is fetched ahead however long nothing is shown before it", async () => {
  const watcher = new Watcher();
  const late = PICTURE.replace('"start_s":1,"end_s":3', '"start_s":100,"end_s":103');
  watcher.answer = () => new Response(streamOf([`{"pictures":[\n${late}{"read":1}\n]}\n`]));
  await watcher.show("/3.json", "picture");
  await watcher.at(80);
  assert.deepEqual(watcher.fetched, []);
  for (let positionS = 80; positionS < 95; positionS += 0.5) await watcher.at(positionS);
  assert.deepEqual(watcher.fetched, ["/3/0.png"]);
});

test("in a telephone's fullscreen the lines are those of the track, with their look", async () => {
  const watcher = new Watcher();
  const texts = () => watcher.track.cues.map(({ text }) => text);
  await watcher.show("/0.vtt");
  watcher.film.dispatchEvent(new Event("webkitbeginfullscreen"));
  assert.deepEqual([texts(), watcher.track.mode], [["Hello"], "showing"]);
  watcher.answer = () => new Response(streamOf([CUE.replace("Hello", "<i>Hallo</i> &lt;3")]));
  await watcher.show("/1.vtt");
  assert.deepEqual(texts(), ["<i>Hallo</i> &#60;3"]);
  watcher.film.dispatchEvent(new Event("webkitendfullscreen"));
  assert.deepEqual([texts(), watcher.track.mode], [[], "hidden"]);
});
