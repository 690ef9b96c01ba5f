// What only the browser can know: whether the line is live, where the pointer is, what was typed
// but not yet sent, and whether a sound may be heard. No rule of the desk lives here.
import { createElement as h, useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Link } from "react-router";
import { EventLoopContext, useStateContext } from "$/utils/context-registry";

const FIELD = "_rx_state_";
const STALE_MS = 5000;
const GIVEN_UP_MS = 10000;

function createStore(initial) {
  let value = initial;
  const listeners = new Set();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      listeners.forEach((listener) => listener());
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
const useStore = (store) => useSyncExternalStore(store.subscribe, store.get, store.get);

// --- The line ------------------------------------------------------------------------------

const connection = createStore("Reconnecting");
export const useConnection = () => useStore(connection);

/** Connected only while heartbeats arrive: an open socket alone proves nothing. */
export function ConnectionIndicator({ beatState, feedState, onCatchUp }) {
  const state = useConnection();
  const beat = useStateContext(beatState)[`beat${FIELD}`];
  const seq = useStateContext(feedState)[`seq${FIELD}`];
  const errors = useContext(EventLoopContext)?.[1] ?? [];
  const line = useRef({ heardAt: 0, lostAt: Date.now(), seqWhenLost: 0, wasConnected: false });
  const latest = useRef({});
  latest.current = { errors, seq, onCatchUp };

  useEffect(() => {
    if (beat) line.current.heardAt = Date.now();
    judge();
  }, [beat, errors.length]);

  function judge() {
    const now = Date.now();
    const isLive =
      navigator.onLine &&
      latest.current.errors.length === 0 &&
      now - line.current.heardAt < STALE_MS;
    if (isLive) {
      const cameBack = connection.get() !== "Connected" && line.current.wasConnected;
      connection.set("Connected");
      if (cameBack && line.current.seqWhenLost) latest.current.onCatchUp(line.current.seqWhenLost);
      line.current.wasConnected = true;
      return;
    }
    if (connection.get() === "Connected") {
      line.current.lostAt = now;
      line.current.seqWhenLost = latest.current.seq;
    }
    connection.set(now - line.current.lostAt < GIVEN_UP_MS ? "Reconnecting" : "Disconnected");
  }

  useEffect(() => {
    const timer = setInterval(judge, 500);
    window.addEventListener("online", judge);
    window.addEventListener("offline", judge);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", judge);
      window.removeEventListener("offline", judge);
    };
  }, []);

  return h(
    "span",
    { "data-testid": "connection", role: "status", className: "connection", "data-state": state },
    state,
  );
}

/** Ask whether the server answers; if it does, loading anew is the surest way back. */
export async function reconnectNow() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(4000) });
    if (answer.ok && connection.get() !== "Connected") window.location.reload();
  } catch {
    // Still away: the indicator goes on saying so.
  }
}

// --- The list ------------------------------------------------------------------------------

const holding = createStore(false);
const drawn = { rows: [], key: "" };
const held = createStore(0);
const taken = createStore(0);
export const useHeldCount = () => useStore(held);

/**
 * The rows to draw. While the pointer or the focus is on the list, new rows wait and leaving rows
 * keep their place, so that nothing moves under a click.
 */
export function useHeldRows(rowsState, list) {
  const state = useStateContext(rowsState);
  const isHolding = useStore(holding);
  useStore(taken);
  const order = state[`order${FIELD}`];
  const incoming = order?.map((slot) => state[`slot_${slot}`]).filter(Boolean);
  if (incoming === undefined) return drawn.rows;
  if (!isHolding || drawn.key !== list) {
    drawn.rows = incoming;
    drawn.key = list;
  } else {
    const now = new Map(incoming.map((row) => [row.id, row]));
    drawn.rows = drawn.rows.map((row) => now.get(row.id) ?? { ...row, gone: true });
  }
  const shown = new Set(drawn.rows.map((row) => row.id));
  const waiting = incoming.filter((row) => !shown.has(row.id)).length;
  queueMicrotask(() => held.set(waiting));
  return drawn.rows;
}

export const useRowsLoaded = (rowsState) => Array.isArray(useStateContext(rowsState)[`order${FIELD}`]);

/** Take in what waits; what comes later is held again. */
export function showHeld() {
  drawn.key = null;
  taken.set(taken.get() + 1);
}

export function ListHold({ children, ...props }) {
  const pointer = useRef(false);
  const focus = useRef(false);
  const judge = () => holding.set(pointer.current || focus.current);
  const isRow = (target) => Boolean(target.closest?.('[data-testid="escalation-row"]'));
  return h(
    "div",
    {
      ...props,
      onPointerEnter: () => ((pointer.current = true), judge()),
      onPointerLeave: () => ((pointer.current = false), judge()),
      onFocus: (event) => ((focus.current = isRow(event.target)), judge()),
      onBlur: () => ((focus.current = false), judge()),
    },
    children,
  );
}

// --- What happens: sound, title and the strip -------------------------------------------------

const BURST_MS = 1500;
const sound = createStore("off");
let lastPlayed = 0;

async function play(name) {
  const play = async () => {
    const last = Number(localStorage.getItem("desk-sound-last") ?? 0);
    if (name !== "test-tone" && Date.now() - Math.max(last, lastPlayed) < BURST_MS) return;
    lastPlayed = Date.now();
    try {
      await new Audio(`/sounds/${name}.wav`).play();
      localStorage.setItem("desk-sound-last", String(Date.now()));
      (window.__sounds ??= []).push(name);
      sound.set("on");
    } catch {
      sound.set("blocked");
    }
  };
  // One tab of a browser plays: the others find the lock taken.
  if (!navigator.locks) return play();
  return navigator.locks.request("desk-sound", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await play();
    await new Promise((done) => setTimeout(done, 300));
  });
}

const SOUND_WORDS = { off: "Enable sound", on: "Sound on", blocked: "Enable sound" };

export function SoundButton({ feedState }) {
  const state = useStore(sound);
  const feed = useStateContext(feedState);
  const created = feed[`created${FIELD}`];
  const changed = feed[`changed${FIELD}`];
  const name = feed[`feed${FIELD}`];
  const before = useRef(null);
  const [unseen, setUnseen] = useState(0);

  useEffect(() => {
    (window.__sounds ??= []);
    if (localStorage.getItem("desk-sound") === "on") {
      sound.set(navigator.userActivation?.hasBeenActive === false ? "blocked" : "on");
    }
    const unblock = () => {
      if (sound.get() === "blocked" && localStorage.getItem("desk-sound") === "on") sound.set("on");
    };
    const seen = () => document.hasFocus() && setUnseen(0);
    window.addEventListener("pointerdown", unblock);
    window.addEventListener("focus", seen);
    document.addEventListener("visibilitychange", seen);
    return () => {
      window.removeEventListener("pointerdown", unblock);
      window.removeEventListener("focus", seen);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);

  useEffect(() => {
    const last = before.current;
    before.current = { name, created, changed };
    // Another feed, or the first reading: a new starting point and nothing to announce.
    if (!last || !last.name || last.name !== name) return;
    const more = created - last.created;
    if (more > 0 && !document.hasFocus()) setUnseen((count) => count + more);
    if (sound.get() !== "on") return;
    if (more > 0) play("new-escalation");
    else if (changed > last.changed) play("status-change");
  }, [name, created, changed]);

  useEffect(() => {
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = unseen ? `(${unseen}) ${title}` : title;
  }, [unseen]);

  const toggle = () => {
    if (sound.get() === "on") {
      localStorage.setItem("desk-sound", "off");
      sound.set("off");
    } else {
      localStorage.setItem("desk-sound", "on");
      play("test-tone");
    }
  };
  return h(
    "button",
    {
      type: "button",
      className: "sound-button",
      "data-state": state,
      "aria-pressed": state === "on",
      title: state === "blocked" ? "The browser blocks sound until you click here" : undefined,
      onClick: toggle,
    },
    SOUND_WORDS[state],
    state === "blocked" && h("span", { className: "sound-blocked" }, "blocked by the browser"),
  );
}

export function CriticalStrip({ feedState, hrefPrefix }) {
  const feed = useStateContext(feedState);
  const id = feed[`critical_id${FIELD}`];
  const name = feed[`feed${FIELD}`];
  const start = useRef(null);
  const [dismissed, dismiss] = useState(0);
  if (name && start.current?.name !== name) start.current = { name, id };
  const isNews = Boolean(name && id) && id !== start.current?.id && id !== dismissed;
  return h(
    "div",
    { role: "alert", className: "critical-strip-holder" },
    isNews &&
      h(
        "div",
        { className: "critical-strip" },
        h("strong", null, "New critical case"),
        h(Link, { to: `${hrefPrefix}${id}` }, `#${id}`),
        h("span", { className: "critical-reason", dir: "auto" }, feed[`critical_reason${FIELD}`]),
        h("button", { type: "button", onClick: () => dismiss(id) }, "Dismiss"),
      ),
  );
}

// --- Small things ------------------------------------------------------------------------------

const second = createStore(0);
if (typeof window !== "undefined") setInterval(() => second.set(second.get() + 1), 1000);

function since(at) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d`;
}

export function Age({ at }) {
  useStore(second);
  if (!at) return null;
  return h("time", { dateTime: at, title: new Date(at).toLocaleString(), className: "age" }, since(at));
}

/** A text area whose half-written text survives reloads, reconnects and other people. */
export function DraftArea({ label, name, form, draft, receipt, hint, required, rows }) {
  const key = `desk-draft:${form}:${draft}:${name}`;
  const [text, setText] = useState("");
  const sent = useRef(receipt);
  useEffect(() => setText(localStorage.getItem(key) ?? ""), [key]);
  useEffect(() => {
    if (receipt !== sent.current && receipt?.startsWith(`${form}:${draft}:`)) {
      localStorage.removeItem(key);
      setText("");
    }
    sent.current = receipt;
  }, [receipt, key]);
  return h(
    "label",
    { className: "field" },
    h("span", { className: "field-label" }, label),
    h("textarea", {
      name,
      required,
      rows: rows ?? 2,
      placeholder: hint,
      maxLength: 10000,
      dir: "auto",
      value: text,
      onChange: (event) => {
        setText(event.target.value);
        localStorage.setItem(key, event.target.value);
      },
    }),
  );
}

function useNarrow() {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => {
    const query = window.matchMedia("(max-width: 900px)");
    const judge = () => setNarrow(query.matches);
    judge();
    query.addEventListener("change", judge);
    return () => query.removeEventListener("change", judge);
  }, []);
  return narrow;
}

/** The detail pane; on a narrow screen a dialog that takes the focus and closes on Escape. */
export function Drawer({ open, children, ...props }) {
  const narrow = useNarrow();
  const pane = useRef(null);
  const isDialog = narrow && open;
  useEffect(() => {
    if (!isDialog) return undefined;
    const opener = document.activeElement;
    pane.current?.focus();
    return () => opener?.focus?.();
  }, [isDialog]);
  const onKeyDown = (event) => {
    if (isDialog && event.key === "Escape") pane.current?.querySelector(".close-case")?.click();
  };
  return h(
    "section",
    {
      ...props,
      ref: pane,
      tabIndex: -1,
      onKeyDown,
      "data-testid": "detail",
      "data-open": open ? "true" : "false",
      "aria-label": "Selected case",
      ...(isDialog ? { role: "dialog", "aria-modal": "true" } : {}),
    },
    children,
  );
}

/** Scrolls inside; starts at its end and follows it while the reader is there. */
export function ScrollToLatest({ of, count, children, ...props }) {
  const box = useRef(null);
  const atEnd = useRef(true);
  useEffect(() => {
    atEnd.current = true;
  }, [of]);
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [of, count]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };
  return h("div", { ...props, ref: box, onScroll, tabIndex: 0 }, children);
}
