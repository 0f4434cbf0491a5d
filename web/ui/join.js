// @ts-check
/**
 * The join page: name, PIN where one is needed, sound or none, one button, and what went
 * wrong, in place. Letting somebody in is the server's.
 */
import { JoinError } from "../edge/session.js";
import { byId, setNote, setText } from "./elements.js";

/** Answers that a link or cookie no longer opens the door: the PIN still does. */
const STALE = new Set(["bad_invite", "bad_host_link", "pin_required"]);

/**
 * @typedef {object} Offers
 * @property {import("../edge/doorbell.js").Doorbell} doorbell
 * @property {(session: import("../edge/session.js").Session) => boolean} resume enters where no
 *   press is needed; whether it did
 * @property {() => {invite?: string, host?: string}} secret from the link's fragment
 * @property {(credentials: import("../edge/session.js").Credentials, withSound: boolean) =>
 *   Promise<void>} join called within the press
 */

export class JoinPage {
  #offers;
  #form = /** @type {HTMLFormElement} */ (byId("join-form"));
  #name = /** @type {HTMLInputElement} */ (byId("name"));
  #pin = /** @type {HTMLInputElement} */ (byId("pin"));
  #sound = /** @type {HTMLInputElement} */ (byId("with-sound"));
  #button = /** @type {HTMLButtonElement} */ (byId("join"));
  #pinField = byId("pin-field");
  #secretWorks = true;
  #unreachable = "";
  #busy = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #countdown;

  /**
   * @param {Offers} offers
   * @param {{name: string, withSound: boolean}} remembered
   */
  constructor(offers, { name, withSound }) {
    this.#offers = offers;
    // Somebody quick may have typed already, before this script came.
    this.#name.value ||= name;
    this.#button.disabled = false;
    this.#sound.checked = withSound;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#name.addEventListener("input", () => setText(byId("name-error"), ""));
    this.#pin.addEventListener("input", () => setText(byId("pin-error"), ""));
  }

  /** Another invitation link than before is in the address bar: it may work. */
  trustLink() {
    this.#secretWorks = true;
    this.#showPin(false);
    // It need not wait for what wrong PINs have cost.
    clearInterval(this.#countdown);
    this.#button.disabled = false;
  }

  /**
   * Ask the server what is needed, and show it.
   * @param {string} [note] why the person is here again
   */
  show(note = "") {
    setNote(byId("lobby-note"), note);
    this.#clearErrors();
    let greeted = false;
    this.#ask(() => {
      if (!greeted && !this.#name.value) this.#name.focus();
      greeted = true;
    });
  }

  /**
   * Whether a PIN is needed, only the host knows: none is asked for until it has answered.
   * @param {() => void} [tried] after each try
   */
  #ask(tried = () => {}) {
    const error = byId("join-error");
    this.#offers.doorbell.ring({
      answered: (session) => {
        if (this.#offers.resume(session)) return;
        if (this.#unreachable && error.textContent === this.#unreachable) {
          setText(error, "");
          setNote(byId("lobby-note"), "The host can be reached again.");
        }
        this.#describe(session);
        tried();
      },
      unanswered: (why) => {
        this.#unreachable = why;
        if (!error.textContent) setText(error, why);
        tried();
      },
    });
  }

  /** @param {import("../edge/session.js").Session} session */
  #describe({ room, name, signed_in: signedIn, pin_required: pinRequired }) {
    setText(byId("lobby-room"), room ? `Join ${room}` : "Join the film");
    if (signedIn && name && !this.#name.value) this.#name.value = name;
    const inside = signedIn || (this.#hasSecret && this.#secretWorks);
    this.#showPin(pinRequired && !inside);
  }

  get #hasSecret() {
    return Object.keys(this.#offers.secret()).length > 0;
  }

  /** @param {boolean} needed */
  #showPin(needed) {
    this.#pinField.hidden = !needed;
  }

  async #submit() {
    if (this.#busy || this.#button.disabled) return;
    this.#clearErrors();
    const name = this.#name.value.trim();
    const pin = this.#pin.value.replace(/[\s-]/g, "");
    if (!name) return this.#blame(this.#name, "Please say who you are.");
    if (!this.#pinField.hidden && !pin) return this.#blame(this.#pin, "Please type the PIN.");
    this.#busy = true;
    this.#button.setAttribute("aria-busy", "true");
    setText(this.#button, "Joining…");
    try {
      await this.#offers.join({ name, ...this.#proof(pin) }, this.#sound.checked);
      this.#pin.value = "";
    } catch (error) {
      if (!(error instanceof JoinError)) throw error;
      this.#refused(error);
    } finally {
      this.#busy = false;
      this.#button.removeAttribute("aria-busy");
      setText(this.#button, "Join");
    }
  }

  /** @param {string} pin */
  #proof(pin) {
    if (!this.#pinField.hidden) return { pin };
    return this.#secretWorks ? this.#offers.secret() : {};
  }

  /**
   * Only who is told that the link is stale tries it no more: a proxy that was busy says nothing
   * of it.
   * @param {JoinError} error
   */
  #refused(error) {
    if (error.code.includes("name")) return this.#blame(this.#name, error.message);
    if (error.retryAfterS > 0) return this.#slow(error);
    if (error.code === "unreachable") {
      this.#unreachable = error.message;
      setText(byId("join-error"), error.message);
      return this.#ask();
    }
    if (STALE.has(error.code)) {
      this.#secretWorks = false;
      this.#showPin(true);
      return this.#blame(this.#pin, error.message);
    }
    if (error.code !== "wrong_pin") return setText(byId("join-error"), error.message);
    this.#pin.select();
    this.#blame(this.#pin, error.message);
  }

  /**
   * Too many tries: say how long, and count down.
   * @param {JoinError} error
   */
  #slow(error) {
    const until = Date.now() + error.retryAfterS * 1000;
    const { hidden } = this.#pinField;
    const field = byId(hidden ? "join-error" : "pin-error");
    const cause =
      error.code === "too_many_people" ? "Too many people joined at once." : "Too many wrong PINs.";
    // Said once, not every second; the end of the wait is said again.
    queueMicrotask(() => field.setAttribute("aria-live", "off"));
    const show = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      this.#button.disabled = left > 0;
      if (left > 0) {
        setText(field, `${cause} Try again in ${left} s.`);
        return;
      }
      clearInterval(this.#countdown);
      field.removeAttribute("aria-live");
      setText(field, "You can try again now.");
      (hidden ? this.#button : this.#pin).focus();
    };
    clearInterval(this.#countdown);
    this.#countdown = setInterval(show, 250);
    show();
  }

  /**
   * @param {HTMLInputElement} field
   * @param {string} message
   */
  #blame(field, message) {
    setText(byId(`${field.id}-error`), message);
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  #clearErrors() {
    for (const id of ["name-error", "pin-error", "join-error"]) setText(byId(id), "");
    for (const field of [this.#name, this.#pin]) field.removeAttribute("aria-invalid");
  }
}
