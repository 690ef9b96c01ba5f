// What calls a person: sounds, the count in the tab's title, and the strip for a critical case.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useStateContext } from "$/utils/context-registry";
import { AddressLink } from "./address.js";
import { localStore, parsed, read, write } from "./browser_store.js";
import { FIELD, createStore, useStore } from "./store.js";

const BURST_MS = 1500;
// How long a tab waits for another one of this browser.
const TURN_MS = 1000;
// How long it keeps its turn, so that what it noted reaches the others before theirs.
const NOTE_MS = 200;
const TURNS = "desk-sound-turn";
const TAKING = "desk-sound-turn-taken";
const WISH = "desk-sound";
const LAST = "desk-sound-last";
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel"];

/** "on", "off", or "blocked": wished for, but the browser wants a gesture first. */
const sound = createStore("off");

async function hear(name) {
  try {
    await new Audio(`/sounds/${name}.wav`).play();
    (window.__sounds ??= []).push(name);
    sound.set("on");
    return true;
  } catch {
    sound.set("blocked");
    return false;
  }
}

const heardLast = () => parsed(read(localStore, LAST)) ?? {};

/** Numbers alone would silence a desk on a new database, and times one whose clock was set back. */
const isNoLater = (news, last) => Boolean(last) && news.seq <= last.seq && news.at <= last.at;

/** A new case is heard over the sound of a change, never the other way round. */
function isInBurst(name, last) {
  const lately = (other) => Math.abs(Date.now() - (last[other]?.playedAt ?? 0)) < BURST_MS;
  return lately(name) || (name === "status-change" && lately("new-escalation"));
}

/** Noted before it is played, so that nobody else plays it meanwhile; taken back if it can't be. */
async function playOnce(name, news) {
  const last = heardLast();
  if (isNoLater(news, last[name])) return;
  const note = (playedAt) => write(localStore, LAST, JSON.stringify({ ...last, [name]: { ...news, playedAt } }));
  if (isInBurst(name, last)) return note(last[name]?.playedAt ?? 0);
  note(Date.now());
  if (!(await hear(name))) write(localStore, LAST, JSON.stringify(last));
  await new Promise((done) => setTimeout(done, NOTE_MS));
}

const ask = (name, turn) => navigator.locks.request(name, { signal: AbortSignal.timeout(TURN_MS) }, turn);
const takeAway = (name, turn) => navigator.locks.request(name, { steal: true }, turn);
const isTimeout = (error) => error.name === "TimeoutError";

/** Once per burst and browser: its tabs take turns, and whoever is first to play it plays it. */
async function announce(name, news) {
  const play = () => playOnce(name, news);
  if (!navigator.locks) return play();
  try {
    await ask(TURNS, play).catch((error) => isTimeout(error) && takeTurn(play));
  } catch {
    // It was taken away in its turn.
  }
}

/** Whoever has the turn fell asleep in it. Those who wait take it away, one after the other. */
async function takeTurn(play) {
  const take = () => takeAway(TURNS, play);
  await ask(TAKING, take).catch(async (error) => {
    if (!isTimeout(error)) return;
    // Somebody fell asleep in this too. Nobody is in line now, so not all at the same moment.
    await new Promise((done) => setTimeout(done, Math.random() * TURN_MS));
    await takeAway(TAKING, take);
  });
}

const isWished = () => localStorage.getItem(WISH) === "on";

function useRememberedSound() {
  useEffect(() => {
    window.__sounds ??= [];
    const remember = () => {
      const isBlocked = navigator.userActivation?.hasBeenActive === false;
      sound.set(!isWished() ? "off" : isBlocked ? "blocked" : "on");
    };
    // Another tab of this browser may switch it, and any click is the gesture that was missing.
    const ofAnotherTab = (event) => event.key === WISH && remember();
    const unblock = () => isWished() && sound.get() === "blocked" && sound.set("on");
    remember();
    window.addEventListener("storage", ofAnotherTab);
    window.addEventListener("pointerdown", unblock);
    window.addEventListener("keydown", unblock);
    return () => {
      window.removeEventListener("storage", ofAnotherTab);
      window.removeEventListener("pointerdown", unblock);
      window.removeEventListener("keydown", unblock);
    };
  }, []);
}

/** New cases since the person last did anything in this tab, counted in its title. */
function useTitleCount(unseen, setUnseen) {
  useEffect(() => {
    const title = document.title.replace(/^\(\d+\) /, "");
    const wanted = unseen ? `(${unseen}) ${title}` : title;
    if (document.title !== wanted) document.title = wanted;
  });
  useEffect(() => {
    const seen = () => setUnseen(0);
    SIGNS_OF_LIFE.forEach((sign) => window.addEventListener(sign, seen, { passive: true }));
    return () => SIGNS_OF_LIFE.forEach((sign) => window.removeEventListener(sign, seen));
  }, []);
}

function useFeed(feedState, onNews) {
  const feed = useStateContext(feedState);
  const name = feed[`feed${FIELD}`];
  const created = feed[`created${FIELD}`];
  const changed = feed[`changed${FIELD}`];
  const newest = { seq: feed[`seq${FIELD}`], at: feed[`at${FIELD}`] };
  const newestCase = { seq: feed[`created_seq${FIELD}`], at: feed[`created_at${FIELD}`] };
  const before = useRef(null);
  useEffect(() => {
    const last = before.current;
    before.current = { name, created, changed };
    // Another feed, or the first reading: a new starting point and nothing to announce.
    if (!last || !last.name || last.name !== name) return;
    if (created > last.created) onNews("new-escalation", newestCase, created - last.created);
    else if (changed > last.changed) onNews("status-change", newest, 0);
  }, [name, created, changed]);
}

const WORDS = { off: "Enable sound", on: "Sound on", blocked: "Enable sound" };

export function SoundButton({ feedState }) {
  const state = useStore(sound);
  const [unseen, setUnseen] = useState(0);
  useRememberedSound();
  useTitleCount(unseen, setUnseen);
  useFeed(feedState, (name, news, cases) => {
    setUnseen((count) => count + cases);
    if (sound.get() === "on") announce(name, news);
  });
  const toggle = () => {
    const wish = sound.get() === "on" ? "off" : "on";
    localStorage.setItem(WISH, wish);
    if (wish === "on") hear("test-tone");
    else sound.set("off");
  };
  return h(
    "button",
    {
      type: "button",
      className: "sound-button",
      "data-state": state,
      "aria-pressed": state === "on",
      title: state === "on" ? "Click to switch the sound off" : undefined,
      onClick: toggle,
    },
    WORDS[state],
    state === "blocked" && h("span", { className: "sound-blocked" }, "blocked by the browser"),
  );
}

/** Critical cases since this feed began, newest first, until they are opened or dismissed. */
export function CriticalStrip({ feedState }) {
  const feed = useStateContext(feedState);
  const id = feed[`critical_id${FIELD}`];
  const name = feed[`feed${FIELD}`];
  const reason = feed[`critical_reason${FIELD}`];
  const known = useRef(null);
  const [news, setNews] = useState([]);
  useEffect(() => {
    const isNews = known.current?.name === name && known.current.id !== id;
    known.current = { name, id };
    if (isNews) setNews((before) => [{ id, reason }, ...before]);
  }, [name, id]);
  const [latest, ...more] = news;
  return h(
    "div",
    { role: "alert", className: "critical-strip-holder" },
    latest &&
      h(
        "div",
        { className: "critical-strip" },
        h("strong", null, "New critical case"),
        h(AddressLink, { changes: { case: String(latest.id) }, onClick: () => setNews(more) }, `#${latest.id}`),
        h("span", { className: "critical-reason", dir: "auto" }, latest.reason),
        more.length > 0 && h("span", null, `and ${more.length} more`),
        h("button", { type: "button", "aria-label": "Dismiss", onClick: () => setNews(more) }, "×"),
      ),
  );
}
