// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CueReader, PictureReader, placed, Schedule } from "../../../web/core/cues.js";

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/cues.json", import.meta.url), "utf-8"),
);

/** A vector's cue as the page has it. @param {any} cue */
function expected({ start_s, end_s, runs, line, line_anchor, position, align }) {
  const plain = { bold: false, italic: false, underline: false };
  return {
    startS: start_s, endS: end_s, runs: runs.map((/** @type {any} */ run) => ({ ...plain, ...run })),
    line: line ?? null, lineAnchor: line_anchor ?? "start", position: position ?? null,
    align: align ?? "center",
  };
}

for (const { name, cue, block } of vectors.written) {
  test(`reads what the host writes: ${name}`, () => {
    assert.deepEqual(new CueReader().push(`WEBVTT\n\n${block}`), [expected(cue)]);
  });
}

test("a file that arrives cut anywhere is read all the same", () => {
  const text = `WEBVTT\n\n${vectors.written.map((/** @type {any} */ v) => v.block).join("")}`;
  const reader = new CueReader();
  const cues = [...text].flatMap((character) => reader.push(character));
  assert.deepEqual(cues, vectors.written.map((/** @type {any} */ v) => expected(v.cue)));
});

test("what can't be read is left out", () => {
  const text = "WEBVTT\n\nNOTE hello\n\n00:00:01.000 --> \nx\n\n00:00:02.000 --> 00:00:01.000\nx\n\n"
    + "00:00:03.000 --> 00:00:04.000\n\n00:00:05.000 --> 00:00:06.000 line:abc position:900%\nok\n\n";
  const cues = new CueReader().push(text);
  assert.deepEqual(cues.map(({ line, position, runs }) => [line, position, runs[0].text]), [[null, null, "ok"]]);
});

test("only what is due is shown, however it was added", () => {
  const schedule = new Schedule();
  const { items, at } = vectors.schedule;
  for (const [startS, endS] of items) schedule.add([{ startS, endS }]);
  for (const { s, shown } of at) {
    assert.deepEqual(schedule.at(s).map(({ startS, endS }) => [startS, endS]), shown, `at ${s}`);
  }
});

test("pictures are read line by line from the host's list", () => {
  const one = '{"n":0,"start_s":1.5,"end_s":2,"x":0.1,"y":0.8,"width":0.5,"height":0.1}';
  const text = `{"pictures":[\n${one},\n${one.replace('"n":0', '"n":1')}\n]}\n`;
  const reader = new PictureReader();
  const pictures = [...text].flatMap((character) => reader.push(character));
  assert.deepEqual(pictures.map(({ n }) => n), [0, 1]);
  assert.deepEqual(pictures[0], { n: 0, startS: 1.5, endS: 2, x: 0.1, y: 0.8, width: 0.5, height: 0.1 });
  assert.deepEqual(new PictureReader().push('{"n":"0"}\n{"n":\n'), []);
});

for (const { name, place, pictures, tops } of vectors.places) {
  test(`places pictures: ${name}`, () => {
    const shown = pictures.map((/** @type {number[]} */ [y, height], /** @type {number} */ n) => (
      { n, startS: 0, endS: 1, x: 0.25, y, width: 0.5, height }
    ));
    const found = placed(shown, place).map(({ y }) => y);
    assert.equal(found.length, tops.length);
    found.forEach((y, i) => assert.ok(Math.abs(y - tops[i]) < 1e-9, `${found} instead of ${tops}`));
  });
}
