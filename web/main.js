// @ts-check
/** The page's composition root: makes the parts and joins them; no rule of its own. */
import { Clock } from "./core/clock.js";
import { intentFor } from "./core/intents.js";
import { isOver, Store } from "./core/store.js";
import { limitWords } from "./core/sync_words.js";
import { whoHasControl } from "./core/wording.js";
import { ClockSync } from "./edge/clock_sync.js";
import { Connection } from "./edge/connection.js";
import { Departure } from "./edge/departure.js";
import { diagnose } from "./edge/diagnosis.js";
import { refreshS } from "./edge/display.js";
import { Doorbell } from "./edge/doorbell.js";
import { tuningFor } from "./edge/engine.js";
import { secretIn, wipeSecret } from "./edge/invitation.js";
import { MediaKeys } from "./edge/media_session.js";
import { Player } from "./edge/player.js";
import { reportOf, Reporter } from "./edge/reporter.js";
import { fetchSession, join } from "./edge/session.js";
import * as storage from "./edge/storage.js";
import { WakeLock } from "./edge/wake_lock.js";
import { confirmed } from "./ui/confirm.js";
import { ControlCard } from "./ui/control_card.js";
import { Controls } from "./ui/controls.js";
import { DelaySetting } from "./ui/delay.js";
import { DiagnosticsPanel } from "./ui/diagnostics.js";
import { byId, setText } from "./ui/elements.js";
import { EndScreen } from "./ui/end.js";
import { FilmMenu } from "./ui/film_menu.js";
import { HostTools } from "./ui/host_tools.js";
import { JoinPage } from "./ui/join.js";
import { PeoplePanel } from "./ui/people.js";
import { Poster } from "./ui/poster.js";
import { PreparationView } from "./ui/preparation.js";
import { StatusView } from "./ui/status.js";
import { Still } from "./ui/still.js";
import { SubtitleMenu } from "./ui/subtitles.js";
import { SyncGraph } from "./ui/sync_graph.js";
import { SyncSheet } from "./ui/sync_sheet.js";

/** @typedef {import("./core/intents.js").Wish} Wish */

const store = new Store();
const clock = new Clock();
const state = () => store.state;

const film = /** @type {HTMLVideoElement} */ (byId("film"));
const line = {
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`,
  session: fetchSession,
};
const connection = new Connection({
  ...line,
  deliver: receive,
  changed: linkChanged,
  signedOut: () => toLobby("You are not signed in here any more. Join again."),
});
/** @param {import("./core/messages.js").ClientMessage} message */
const send = (message) => void connection.send(message);
const departure = new Departure(line);
const doorbell = new Doorbell(fetchSession);
const clockSync = new ClockSync({ clock, send, slept: () => connection.wake() });
const player = new Player(film, clock, tuningFor(navigator.vendor), {
  changed: (playback) => {
    reporter.changed();
    showPlayback(playback);
  },
  // A hidden page is paused by browsers themselves; only a person's act is a wish.
  interfered: (wish) => {
    if (!document.hidden || document.pictureInPictureElement === film) ask(wish, true);
  },
});
player.delayMs = storage.rememberedDelayMs();
refreshS().then((measuredS) => (player.record.refreshS = measuredS));
player.selection.quality = storage.rememberedQuality();
player.selection.soundtrack = storage.rememberedSoundtrack();
const reporter = new Reporter(() => reportOf(player.playback, clock), send);
const wakeLock = new WakeLock();
const mediaKeys = new MediaKeys(ask);

const status = new StatusView({ state, send: press, start: () => player.unlock() });
const controls = new Controls({
  ask,
  explain: () => status.nudge(whoHasControl(state())),
  state,
  positionS: () => player.roomPositionS,
  toggleSubtitles: () => subtitles.toggle(),
});
const delay = new DelaySetting(player.delayMs, (delayMs) => {
  player.delayMs = delayMs;
  storage.rememberDelay(delayMs);
  reporter.changed();
});
const graph = new SyncGraph(player.record.history);
new DiagnosticsPanel(() =>
  diagnose({ film, player, clock, clockSync, connection, state: state() }),
);
const filmMenu = new FilmMenu({
  selection: player.selection,
  state,
  positionS: () => player.roomPositionS,
  ask,
  rememberQuality: storage.rememberQuality,
  rememberSoundtrack: storage.rememberSoundtrack,
  send: press,
});
const still = new Still();
const poster = new Poster();
const preparation = new PreparationView(state, press);
const subtitles = new SubtitleMenu({
  film,
  state,
  wanted: storage.rememberedSubtitles(),
  remember: storage.rememberSubtitles,
  send: press,
  say: (text, warning) => status.say(text, warning),
});
const views = [
  controls,
  new ControlCard(state, press),
  new PeoplePanel({ send: press, confirm: confirmed }),
  new HostTools(state, press),
  status,
  filmMenu,
  subtitles,
  still,
  new SyncSheet({ graph, delay, state, limit: limitWords(player.browserLimit) }),
  new EndScreen({ useHere: enter, back: () => toLobby() }),
];
const joinPage = new JoinPage(
  { doorbell, resume, secret: () => secretIn(location.hash), join: joinWith },
  { name: storage.rememberedName(), withSound: storage.rememberedSound() },
);

store.subscribe((now, before) => {
  const watching = now.place === "room" && !isOver(now);
  if (watching) player.follow(now);
  else if (before.place === "room" && !isOver(before)) {
    player.leave();
    // In fullscreen all but the player is inert: what comes next could be seen, not pressed.
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {});
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  }
  if (now.item !== before.item || now.place !== before.place || now.preparation !== before.preparation) {
    showPlayback(player.playback);
  }
  mediaKeys.show(now, player.roomPositionS);
  wakeLock.hold(watching && now.timeline.playing);
  document.body.dataset.place = now.place;
  byId("lobby").hidden = now.place !== "lobby";
  byId("room").hidden = !watching;
  setText(byId("room-name"), now.item?.title ?? now.room);
  // Join is gone with its page, and the focus with it: a screen reader says where one is now.
  if (watching && before.place !== "room") byId("room-name").focus({ preventScroll: true });
  document.title = now.item ? `${now.item.title} · Matinee` : "Matinee";
  for (const view of views) view.render(now);
});

/** @param {import("./edge/player.js").Playback} playback */
function showPlayback(playback) {
  status.showPlayback(playback, state());
  filmMenu.showPlayback(playback);
  still.showPlayback(playback, state());
  poster.showPlayback(playback, state());
  preparation.showPlayback(playback, state());
}

/**
 * Somebody wants the film to do something: ask the server, or say why not.
 * @param {Wish} wish
 * @param {boolean} [quietly] a follower's element is mended without a word
 */
function ask(wish, quietly = false) {
  const answer = intentFor(wish, state(), player.serverNowS);
  if (!answer) return;
  if ("send" in answer) (quietly ? send : press)(answer.send);
  else if (!quietly) status.nudge(answer.hint);
}

/**
 * Somebody pressed a button: what can't be sent is not kept for later, and said.
 * @param {import("./core/messages.js").Intent} intent
 */
function press(intent) {
  if (!connection.send(intent)) status.nudge("Reconnecting: that can’t be done at the moment.");
}

/**
 * Called within the press, so that the film may start later without another.
 * @param {import("./edge/session.js").Credentials} credentials
 * @param {boolean} sound
 */
async function joinWith(credentials, sound) {
  film.muted = !sound;
  player.unlock();
  await join(credentials);
  wipeSecret();
  storage.remember(credentials.name, sound);
  enter();
}

/**
 * After a reload, back in without a press; whether the cookie allowed it.
 * @param {import("./edge/session.js").Session} session
 */
function resume(session) {
  // Who has the host's link comes in by that: it gives them more.
  if (!session.signed_in || !storage.wasInside() || secretIn(location.hash).host) return false;
  enter();
  return true;
}

function enter() {
  doorbell.stop();
  departure.cancel();
  storage.rememberInside(true);
  store.apply({ type: "link", link: "connecting" });
  connection.open();
}

/** @param {string} [why] */
function toLobby(why = "") {
  storage.rememberInside(false);
  connection.close();
  clockSync.stop();
  reporter.stop();
  store.apply({ type: "lobby", why });
  joinPage.show(why);
}

/**
 * @param {import("./core/messages.js").ServerMessage} message
 * @param {number} atS
 */
function receive(message, atS) {
  if (message.type === "probe_reply") return clockSync.answered(message, atS);
  store.apply(message);
  if (message.type === "welcome") {
    clockSync.start(message.epoch);
    reporter.start();
  }
  if (message.type === "ended") {
    if (message.reason === "left") toLobby();
    else if (message.reason === "removed") storage.rememberInside(false);
  }
}

/**
 * @param {import("./core/store.js").Link} link
 * @param {string} why
 */
function linkChanged(link, why) {
  if (link !== "open") {
    clockSync.stop();
    reporter.stop();
  }
  const offline = navigator.onLine === false ? "This device is offline." : why;
  if (link !== "open") store.apply({ type: "link", link, why: offline });
}

function wake() {
  if (document.hidden) return;
  connection.wake();
  departure.wake();
  doorbell.wake();
  clockSync.wake();
  player.wake();
}

byId("leave").addEventListener("click", () => {
  const left = connection.send({ type: "leave" });
  toLobby();
  if (!left) departure.begin();
});
// A link that is pasted into the address bar of this very page does not load it anew.
addEventListener("hashchange", () => {
  const inside = state().place !== "lobby" && !isOver(state());
  if (inside && !secretIn(location.hash).host) return;
  joinPage.trustLink();
  toLobby();
});
document.addEventListener("visibilitychange", wake);
addEventListener("online", wake);
addEventListener("pageshow", wake);

film.muted = !storage.rememberedSound();
joinPage.show();
