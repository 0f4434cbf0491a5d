// @ts-check
/**
 * What the page knows: a pure reducer of confirmed server messages and of a few local facts
 * (is the socket open?), and a store that tells its subscribers.
 *
 * Nothing here guesses ahead of the server: an intent changes the state only once the server
 * has announced what came of it. Pictures of the state are `web/ui`'s.
 */
import { preparationEnd } from "./forms.js";
import { describe } from "./wording.js";

/**
 * @typedef {import("./messages.js").ServerMessage} ServerMessage
 * @typedef {"idle" | "connecting" | "open" | "lost"} Link
 * @typedef {{serial: number, text: string, tone: "news" | "warning"}} Notice
 * @typedef {{type: "link", link: Link, why?: string}
 *   | {type: "lobby", why?: string}} LocalFact
 * @typedef {ServerMessage | LocalFact} Fact
 *
 * @typedef {object} State
 * @property {"lobby" | "room"} place the join page, or the film
 * @property {Link} link state of the WebSocket
 * @property {string} why what is wrong with the link, or why the person is in the lobby
 * @property {import("./messages.js").Ended | null} ended why the server closed the session
 * @property {string} you own participant id
 * @property {string} room
 * @property {string} epoch which run of the server this is
 * @property {string} version of the server
 * @property {import("./messages.js").Item | null} item
 * @property {import("./messages.js").Tracks} tracks the room's choice
 * @property {import("./messages.js").Preparation | null} preparation what the film still needs
 *   and takes a while, until it is over
 * @property {import("./timeline.js").Timeline} timeline
 * @property {import("./messages.js").Control} control
 * @property {import("./messages.js").Person[]} people in order of arrival
 * @property {Record<string, import("./messages.js").Status>} statuses by participant id
 * @property {import("./messages.js").Invitation | null} invitation the host alone has one
 * @property {Notice | null} notice the latest thing to say; its serial grows
 * @property {string[]} warnings what was said to be wrong with the film and may be told again
 * @property {string[]} before the same, before the link was lost; empty once that is over
 */

/** @type {Readonly<State>} */
export const INITIAL = Object.freeze(/** @type {State} */ ({
  place: "lobby",
  link: "idle",
  why: "",
  ended: null,
  you: "",
  room: "",
  epoch: "",
  version: "",
  item: null,
  tracks: { audio: null, subtitle: null },
  preparation: null,
  timeline: {
    item_id: null, position_s: 0, at_s: 0, rate: 1, playing: false, ended: false, revision: 0,
  },
  control: { controller: "", policy: "anyone", guests_may_pause: false, requests: [] },
  people: [],
  statuses: {},
  invitation: null,
  notice: null,
  warnings: [],
  before: [],
}));

/** What still holds of the film is told again after each welcome, before anything else. */
const TOLD_AGAIN = new Set(["preparation", "problem"]);

/** Endings of a connection, not of the visit: the page is soon back by itself. */
const PASSING = new Set(["too_slow", "too_many"]);

/**
 * Whether the visit has ended, with a screen that says why.
 * @param {State} state
 */
export function isOver({ ended }) {
  return ended !== null && !PASSING.has(ended.reason);
}

/**
 * The state after a fact; the same object where nothing changes.
 * @param {State} state
 * @param {Fact} fact
 * @returns {State}
 */
export function reduce(state, fact) {
  if (state.before.length && !TOLD_AGAIN.has(fact.type)) return reduce({ ...state, before: INITIAL.before }, fact);
  switch (fact.type) {
    case "welcome":
      return {
        ...state,
        place: "room",
        link: "open",
        why: "",
        ended: null,
        you: fact.you,
        room: fact.room,
        epoch: fact.epoch,
        version: fact.version,
        item: fact.item,
        tracks: fact.tracks,
        preparation: null,
        timeline: fact.timeline,
        control: fact.control,
        people: fact.people,
        statuses: Object.fromEntries(fact.statuses.map((status) => [status.id, status])),
        warnings: INITIAL.warnings,
        before: fact.item?.id === state.item?.id ? state.warnings : INITIAL.before,
      };
    case "timeline":
      return said({ ...state, timeline: fact.timeline }, fact);
    case "item":
      return said(
        {
          ...state,
          item: fact.item,
          timeline: fact.timeline,
          tracks: INITIAL.tracks,
          preparation: null,
          warnings: INITIAL.warnings,
        },
        fact,
      );
    case "tracks":
      return said({ ...state, tracks: fact.tracks }, fact);
    case "preparation":
      return prepared(state, fact);
    case "control":
      return said({ ...state, control: fact.control }, fact);
    case "joined":
      return said({ ...state, people: withPerson(state.people, fact.person) }, fact, state);
    case "left":
      return said(withoutPerson(state, fact.id), fact, state);
    case "statuses": {
      const fresh = Object.fromEntries(fact.statuses.map((status) => [status.id, status]));
      return hostTrouble({ ...state, statuses: { ...state.statuses, ...fresh } }, state);
    }
    case "refused":
      return noticed(state, fact.message, "warning");
    case "problem":
      // Why the room rests is worth saying twice.
      return fact.code === "film_growing" ? warned(state, fact.message) : noticed(state, fact.message, "warning");
    case "invitation":
      return { ...state, invitation: fact };
    case "ended":
      return { ...state, ended: fact, why: fact.message };
    case "link":
      return { ...state, link: fact.link, why: fact.why ?? "" };
    case "lobby":
      return { ...INITIAL, room: state.room, why: fact.why ?? "" };
    default:
      return state;
  }
}

/**
 * Its twin is in desktop/view_model.py, held to it by tests/vectors/preparations.json.
 * @param {State} state
 * @param {import("./messages.js").Preparation} preparation
 * @returns {State}
 */
function prepared(state, preparation) {
  const { item, what, state: stage, message } = preparation;
  if (item !== state.item?.id) return state; // of a film that is no longer shown
  if (stage === "queued" || stage === "running") return { ...state, preparation };
  const over = state.preparation?.what === what ? { ...state, preparation: null } : state;
  if (stage === "failed") return message ? warned(over, message) : over;
  const end = preparationEnd(preparation);
  return end ? noticed(over, end, "news") : over;
}

/**
 * @param {import("./messages.js").Person[]} people
 * @param {import("./messages.js").Person} person
 */
function withPerson(people, person) {
  const known = people.some(({ id }) => id === person.id);
  return known ? people.map((p) => (p.id === person.id ? person : p)) : [...people, person];
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
function withoutPerson(state, id) {
  const { [id]: _gone, ...statuses } = state.statuses;
  return { ...state, people: state.people.filter((person) => person.id !== id), statuses };
}

/**
 * Guests are told once when the host's own player gives up: it is what they may wait for.
 * @param {State} state
 * @param {State} before
 * @returns {State}
 */
function hostTrouble(state, before) {
  const host = state.people.find(({ role }) => role === "host");
  if (!host || host.id === state.you) return state;
  const status = state.statuses[host.id];
  if (status?.state !== "cannot_play" || before.statuses[host.id]?.state === "cannot_play") return state;
  return noticed(state, ["The host’s own player can’t play this film", status.reason].filter(Boolean).join(": "), "warning");
}

/**
 * @param {State} state
 * @param {ServerMessage} message
 * @param {State} [before] where the words need to know what was
 * @returns {State}
 */
function said(state, message, before = state) {
  const sentence = describe(message, state, before);
  return sentence ? noticed(state, sentence, "news") : state;
}

/**
 * What is wrong with the film; said again when it happens again, but not for each link that is back.
 * @param {State} state
 * @param {string} text
 * @returns {State}
 */
function warned(state, text) {
  const known = { ...state, warnings: [...new Set([...state.warnings, text])] };
  return state.before.includes(text) ? known : noticed(known, text, "warning");
}

/**
 * @param {State} state
 * @param {string} text
 * @param {"news" | "warning"} tone
 * @returns {State}
 */
function noticed(state, text, tone) {
  return { ...state, notice: { serial: (state.notice?.serial ?? 0) + 1, text, tone } };
}

/**
 * @callback Listener
 * @param {State} state
 * @param {State} before
 */

/** Holds the one current state and tells subscribers of each change. */
export class Store {
  /** @type {State} */
  #state = INITIAL;
  /** @type {Set<Listener>} */
  #listeners = new Set();

  get state() {
    return this.#state;
  }

  /** @param {Fact} fact */
  apply(fact) {
    const before = this.#state;
    this.#state = reduce(before, fact);
    if (this.#state === before) return;
    for (const listener of [...this.#listeners]) listener(this.#state, before);
  }

  /**
   * @param {Listener} listener called after each change
   * @returns {() => void} ends the subscription; harmless when called again
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
