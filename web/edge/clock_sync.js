// @ts-check
/**
 * Runs the clock's bursts over the socket: each probe is sent once the one before has been
 * answered. What the answers mean is `core/clock`'s; it says when the next burst is due.
 */
import { PROBES_PER_BURST } from "../core/clock.js";

/** So many resets of the clock are remembered for a bug report. */
const RESETS_KEPT = 5;
/** An estimate that moves by more at once was given up for another, seconds. */
const STEP_S = 0.005;
/** A probe without an answer for this long ends its burst, seconds; at first… */
const ANSWER_TIMEOUT_S = 2;
/** …and at the most, where answers are known to take longer: behind a queue, they take seconds. */
const LONGEST_TIMEOUT_S = 16;

export class ClockSync {
  #clock;
  #send;
  #nowS;
  #wallS;
  #slept;
  #running = false;
  #serial = 0;
  /** @type {{id: number, sentS: number} | null} */
  #waiting = null;
  /** @type {import("../core/clock.js").Probe[]} */
  #answered = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #bursts = 0;
  #unanswered = 0;
  #patienceS = ANSWER_TIMEOUT_S;
  /** @type {{why: string, atS: number}[]} */
  #resets = [];

  /**
   * @param {object} parts
   * @param {import("../core/clock.js").Clock} parts.clock
   * @param {(message: import("../core/messages.js").ClientMessage) => void} parts.send
   * @param {() => void} [parts.slept] the wall clock says that this device slept
   * @param {() => number} [parts.nowS] local clock, seconds
   * @param {() => number} [parts.wallS] wall clock, seconds
   */
  constructor({
    clock,
    send,
    slept = () => {},
    nowS = () => performance.now() / 1000,
    wallS = () => Date.now() / 1000,
  }) {
    this.#clock = clock;
    this.#send = send;
    this.#nowS = nowS;
    this.#wallS = wallS;
    this.#slept = slept;
  }

  /** A socket is open: (re)learn the clock of this run of the server. @param {string} epoch */
  start(epoch) {
    if (this.#clock.newEpoch(epoch, this.#nowS())) this.#note("another run of the server");
    this.#running = true;
    this.#waiting = null;
    this.#patienceS = ANSWER_TIMEOUT_S;
    this.wake();
  }

  /**
   * How it went, for a bug report.
   * @param {number} nowS local clock
   */
  tally(nowS) {
    return {
      bursts: this.#bursts,
      unanswered: this.#unanswered,
      resets: this.#resets.map(({ why, atS }) => ({ why, agoS: nowS - atS })),
    };
  }

  stop() {
    this.#running = false;
    this.#waiting = null;
    clearTimeout(this.#timer);
  }

  /** The page is visible or online again: probe now, and often for a while. */
  wake() {
    if (!this.#running) return;
    const nowS = this.#nowS();
    this.#clock.wake(nowS);
    if (!this.#waiting || nowS - this.#waiting.sentS > ANSWER_TIMEOUT_S) this.#burst();
  }

  /**
   * @param {import("../core/messages.js").ProbeReply} reply
   * @param {number} returnedS local clock, read before anything else was done with the frame
   */
  answered(reply, returnedS) {
    if (reply.id !== this.#waiting?.id) return;
    const { sentS } = this.#waiting;
    const tookS = returnedS - sentS;
    this.#patienceS = Math.min(Math.max(ANSWER_TIMEOUT_S, 2 * tookS), LONGEST_TIMEOUT_S);
    this.#answered.push({ sentS, receivedS: reply.t2_s, repliedS: reply.t3_s, returnedS });
    if (this.#answered.length < PROBES_PER_BURST) this.#probe();
    else this.#finish();
  }

  #burst() {
    clearTimeout(this.#timer);
    if (this.#clock.checkWall(this.#nowS(), this.#wallS())) {
      this.#note("this device slept");
      this.#slept();
    }
    this.#answered = [];
    this.#probe();
  }

  #probe() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish(), this.#patienceS * 1000);
    const sentS = this.#nowS();
    this.#waiting = { id: ++this.#serial, sentS };
    this.#send({ type: "probe", id: this.#serial, t1_ms: sentS * 1000 });
  }

  #finish() {
    clearTimeout(this.#timer);
    this.#waiting = null;
    this.#bursts += 1;
    if (this.#answered.length < PROBES_PER_BURST) {
      this.#unanswered += 1;
      this.#patienceS = Math.min(2 * this.#patienceS, LONGEST_TIMEOUT_S);
    }
    this.#learn();
    const waitS = Math.max(0, this.#clock.nextBurstAt - this.#nowS());
    this.#timer = setTimeout(() => this.#burst(), waitS * 1000);
  }

  #learn() {
    const nowS = this.#nowS();
    const { synchronised } = this.#clock;
    const beforeS = this.#clock.offsetAt(nowS);
    this.#clock.addBurst(this.#answered, nowS);
    const stepped = Math.abs(this.#clock.offsetAt(nowS) - beforeS) > STEP_S;
    if (synchronised && stepped) this.#note("the clocks disagreed");
  }

  /** @param {string} why */
  #note(why) {
    this.#resets.push({ why, atS: this.#nowS() });
    if (this.#resets.length > RESETS_KEPT) this.#resets.shift();
  }
}
