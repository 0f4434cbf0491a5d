// @ts-check
/**
 * How much faster a film's data comes than it plays. Pure: segments are told once they are there.
 * Picture and sound are fetched side by side and share the network, so it is the time in which
 * anything came that counts, not the sum of the times that each took.
 */

/** So many of the latest transfers are looked at: of picture and sound, about 9 s of film. */
const KEPT = 6;

/**
 * @typedef {object} Transfer of a segment
 * @property {string} kind such as picture or sound; each has a rate of its own
 * @property {number} bits
 * @property {number} durationS how long it plays; 0 for what does not play, as an initialisation
 * @property {number} firstByteS when its first byte came: what passes before is the host's making of it
 * @property {number} lastByteS
 */

export class Throughput {
  /** @type {Transfer[]} */
  #latest = [];

  /** Null before anything has come that tells. */
  get ratio() {
    const rate = bitsPerS(this.#latest);
    return rate > 0 && this.bitsPerS !== null ? this.bitsPerS / rate : null;
  }

  /** What the network brought; null before anything has come. */
  get bitsPerS() {
    const bits = this.#latest.reduce((sum, transfer) => sum + transfer.bits, 0);
    const busyS = coveredS(this.#latest);
    return busyS > 0 ? bits / busyS : null;
  }

  /** @param {Transfer} transfer */
  add(transfer) {
    this.#latest = [...this.#latest, transfer].slice(-KEPT);
  }
}

/**
 * In how much time anything came, seconds.
 * @param {readonly Transfer[]} transfers
 */
function coveredS(transfers) {
  let sumS = 0;
  let untilS = -Infinity;
  for (const { firstByteS, lastByteS } of [...transfers].sort((a, b) => a.firstByteS - b.firstByteS)) {
    sumS += Math.max(0, lastByteS - Math.max(firstByteS, untilS));
    untilS = Math.max(untilS, lastByteS);
  }
  return sumS;
}

/**
 * What a second of the film takes, picture and sound, as in the latest segment of each.
 * @param {readonly Transfer[]} transfers
 */
function bitsPerS(transfers) {
  const rates = new Map(
    transfers.filter(({ durationS }) => durationS > 0).map(({ kind, bits, durationS }) => [kind, bits / durationS]),
  );
  return [...rates.values()].reduce((sum, rate) => sum + rate, 0);
}
