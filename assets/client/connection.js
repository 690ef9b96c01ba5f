// Whether the line is live. Connected only while heartbeats arrive: an open socket proves nothing.
import { createElement as h, useContext, useEffect, useRef } from "react";
import { EventLoopContext, useStateContext } from "$/utils/context-registry";
import { useRedirects } from "./orders.js";
import { answers, findWayBack, found, setOutAnew } from "./reconnect.js";
import { FIELD, createStore, useStore } from "./store.js";

const STALE_MS = 5000;
const GIVEN_UP_MS = 10000;
const LOOK_MS = 250;
// Whatever may mean that the line has changed, sleep and a sleeping tab included.
const HINTS = ["online", "pageshow", "focus", "visibilitychange"];

// The clock on the wall may be set, and the other one may stand still while the machine sleeps.
const now = () => ({ wall: Date.now(), steady: performance.now() });
const msSince = (then) => Math.max(Date.now() - then.wall, performance.now() - then.steady);

const connection = createStore("Reconnecting");
// A page that is still loading is not yet worth a warning.
const wasEverConnected = createStore(false);
const heardAt = createStore(0);

export const useConnection = () => useStore(connection);

/** When the server was heard last, as an ISO time; "" before it ever was. */
export function useHeardAt() {
  const at = useStore(heardAt);
  return at ? new Date(at).toISOString() : "";
}

/** True when the reader must be told that the list may be old. */
export function useLineTrouble() {
  const state = useStore(connection);
  const hadIt = useStore(wasEverConnected);
  return state === "Disconnected" || (state === "Reconnecting" && hadIt);
}

export function ConnectionIndicator({ beatState, feedState, onCatchUp }) {
  useRedirects();
  const state = useConnection();
  const beat = useStateContext(beatState)[`beat${FIELD}`];
  const seq = useStateContext(feedState)[`seq${FIELD}`];
  const errors = useContext(EventLoopContext)?.[1] ?? [];
  const line = useRef(null);
  line.current ??= { heard: null, lost: now(), looked: now(), seqWhenLost: 0, isCut: false };
  const latest = useRef({});
  latest.current = { errors, seq, onCatchUp };

  // Only a new beat proves the line. That the socket opened again, or an error went away, does not.
  useEffect(() => {
    if (beat && !hasSlept()) {
      line.current.heard = now();
      heardAt.set(line.current.heard.wall);
      line.current.isCut = false;
    }
    judge();
  }, [beat]);
  useEffect(() => judge(), [errors.length]);

  /** What lay waiting while this tab slept is old, heartbeats too: it wants a new socket's. */
  function hasSlept() {
    const gap = msSince(line.current.looked);
    line.current.looked = now();
    if (gap < STALE_MS) return false;
    line.current.isCut = true;
    setOutAnew();
    return true;
  }

  function judge() {
    hasSlept();
    const { heard, isCut } = line.current;
    const silentMs = heard ? msSince(heard) : Infinity;
    const isLive = latest.current.errors.length === 0 && !isCut && silentMs < STALE_MS;
    if (isLive) return backOnLine();
    if (connection.get() === "Connected") {
      line.current.lost = now();
      line.current.seqWhenLost = latest.current.seq;
    }
    connection.set(msSince(line.current.lost) < GIVEN_UP_MS ? "Reconnecting" : "Disconnected");
    findWayBack(silentMs);
  }

  function backOnLine() {
    found();
    const cameBack = connection.get() !== "Connected" && wasEverConnected.get();
    connection.set("Connected");
    wasEverConnected.set(true);
    if (cameBack && line.current.seqWhenLost) latest.current.onCatchUp?.(line.current.seqWhenLost);
  }

  // What the browser says of its network is a hint: a desk on the same machine needs none.
  const offline = () => ((line.current.isCut = true), judge());

  useEffect(() => {
    const timer = setInterval(judge, LOOK_MS);
    HINTS.forEach((hint) => window.addEventListener(hint, judge));
    window.addEventListener("offline", offline);
    return () => {
      clearInterval(timer);
      HINTS.forEach((hint) => window.removeEventListener(hint, judge));
      window.removeEventListener("offline", offline);
    };
  }, []);

  return h(
    "span",
    { "data-testid": "connection", role: "status", className: "connection", "data-state": state },
    state,
  );
}

/** If the server could serve this tab, loading anew is the surest way back; else it goes on trying. */
export async function reconnectNow() {
  if ((await answers("/readyz")) && connection.get() !== "Connected") window.location.reload();
}
