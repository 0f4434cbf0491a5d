// @ts-check
/**
 * The people panel: everyone, who has control, how each is doing, and what the person at this
 * page may do about it. Rows are kept and only what changed is written: statuses come every
 * second. Names are text nodes, never markup.
 */
import { formNote } from "../core/forms.js";
import { inControl, isHost } from "../core/intents.js";
import { doing } from "../core/wording.js";
import { byId, make, setText } from "./elements.js";
import { SyncMeter } from "./sync_meter.js";

/**
 * @typedef {import("../core/store.js").State} State
 * @typedef {import("../core/messages.js").Intent} Intent
 * @typedef {import("../core/messages.js").Person} Person
 */

/** Colours of the discs, told apart on the dark panel; picked by the id. */
const HUES = [350, 25, 45, 140, 175, 205, 255, 290];

class Row {
  element = make("li", "person");
  #disc = make("span", "disc");
  #name = make("span", "name");
  #marks = make("span", "marks");
  #state = make("span", "state");
  #meter = new SyncMeter();
  #reason = make("span", "reason");
  #actions = make("span", "actions");
  #offered = "";
  #marked = "";

  /** @param {Person} person */
  constructor({ id }) {
    this.element.dataset.id = id;
    this.#name.dir = "auto";
    this.#disc.setAttribute("aria-hidden", "true");
    const hue = HUES[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % HUES.length];
    this.#disc.style.setProperty("--hue", String(hue));
    const head = make("span", "head");
    head.append(this.#name, this.#marks);
    const detail = make("span", "detail");
    detail.append(this.#state, ...this.#meter.line);
    const words = make("span", "words");
    words.append(head, detail, this.#reason);
    this.element.append(this.#disc, words, this.#actions, this.#meter.facts);
  }

  /**
   * @param {Person} person
   * @param {State} state
   * @param {(what: Action, person: Person) => void} act
   */
  render(person, state, act) {
    const status = state.statuses[person.id];
    const holds = state.control.controller === person.id;
    const asks = state.control.requests.includes(person.id);
    setText(this.#disc, [...person.name][0]?.toUpperCase() ?? "?");
    setText(this.#name, person.name);
    this.#name.title = person.name;
    this.#mark(marks(person, state, holds));
    setText(this.#state, asks ? "Asks for control" : doing(person, status));
    const known = person.connected ? status : undefined;
    this.#meter.render(person.name, known, state.timeline.playing);
    setText(this.#reason, person.connected && status ? aside(status) : "");
    this.#reason.classList.toggle("mild", !status?.reason);
    const { dataset } = this.element;
    dataset.state = person.connected ? (status?.state ?? "unknown") : "lost";
    this.element.classList.toggle("holds", holds);
    this.element.classList.toggle("asks", asks);
    this.#offer(actionsFor(person, state), person, act);
  }

  /** @param {string[]} words */
  #mark(words) {
    if (words.join() === this.#marked) return;
    this.#marked = words.join();
    this.#marks.replaceChildren(...words.map((word) => make("span", `mark ${word.split(" ")[0]}`, word)));
  }

  /**
   * @param {Action[]} actions
   * @param {Person} person
   * @param {(what: Action, person: Person) => void} act
   */
  #offer(actions, person, act) {
    const offered = `${actions.join()} ${person.name}`;
    if (offered === this.#offered) return;
    this.#offered = offered;
    this.#actions.replaceChildren(
      ...actions.map((action) => {
        const button = /** @type {HTMLButtonElement} */ (make("button", `small ${action}`));
        button.type = "button";
        button.textContent = LABELS[action];
        button.setAttribute("aria-label", `${LABELS[action]}: ${person.name}`);
        button.addEventListener("click", () => act(action, person));
        return button;
      }),
    );
  }
}

/**
 * What else is to be said of how somebody watches: what is wrong, else what is done for them.
 * @param {import("../core/messages.js").Status} status
 */
function aside({ reason, form, form_reason: why }) {
  return reason || formNote(form, why);
}

/** @typedef {"grant" | "decline" | "give" | "remove"} Action */

/** @type {Record<Action, string>} */
const LABELS = { grant: "Give", decline: "Decline", give: "Give control", remove: "Remove" };

/**
 * @param {Person} person
 * @param {State} state
 * @param {boolean} holds
 */
function marks(person, state, holds) {
  const words = [];
  if (person.id === state.you) words.push("you");
  if (person.role === "host") words.push("host");
  if (holds) words.push("in control");
  return words;
}

/**
 * @param {Person} person
 * @param {State} state
 * @returns {Action[]}
 */
function actionsFor(person, state) {
  /** @type {Action[]} */
  const actions = [];
  const other = person.id !== state.you;
  const maySay = isHost(state) || inControl(state);
  if (state.control.requests.includes(person.id) && maySay) actions.push("grant", "decline");
  else if (maySay && other && person.connected && person.id !== state.control.controller) {
    actions.push("give");
  }
  if (isHost(state) && other && person.role !== "host") actions.push("remove");
  return actions;
}

export class PeoplePanel {
  #list = byId("people");
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #act;
  #afterwards = "";

  /**
   * @param {object} offers
   * @param {(intent: Intent) => void} offers.send
   * @param {(question: string) => Promise<boolean>} offers.confirm
   */
  constructor({ send, confirm }) {
    this.#act = async (/** @type {Action} */ action, /** @type {Person} */ person) => {
      if (action === "decline") send({ type: "decline", to: person.id });
      else if (action !== "remove") send({ type: "grant", to: person.id });
      else if (await confirm(`Remove ${person.name}? ${this.#afterwards}`)) {
        send({ type: "remove", participant: person.id });
      }
    };
  }

  /** @param {State} state */
  render(state) {
    this.#afterwards =
      state.invitation?.pin === null
        ? "They can come back, for no PIN is asked for."
        : "The PIN and the invitation link will change.";
    const here = new Set(state.people.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (here.has(id)) continue;
      row.element.remove();
      this.#rows.delete(id);
    }
    for (const person of state.people) {
      let row = this.#rows.get(person.id);
      if (!row) {
        row = new Row(person);
        this.#rows.set(person.id, row);
        this.#list.append(row.element);
      }
      row.render(person, state, this.#act);
    }
    setText(byId("people-count"), String(state.people.filter((p) => p.connected).length));
  }
}
