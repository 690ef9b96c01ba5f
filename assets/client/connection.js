// Whether the line is live. Connected only while heartbeats arrive: an open socket proves nothing.
import { createElement as h, useContext, useEffect, useRef } from "react";
import { EventLoopContext, useStateContext } from "$/utils/context-registry";
import { FIELD, createStore, useStore } from "./store.js";

const STALE_MS = 5000;
const GIVEN_UP_MS = 10000;
const LOOK_MS = 500;
// Whatever may mean that the line has changed, sleep and a sleeping tab included.
const HINTS = ["online", "offline", "pageshow", "focus", "visibilitychange"];

const connection = createStore("Reconnecting");
// A page that is still loading is not yet worth a warning.
const wasEverConnected = createStore(false);

export const useConnection = () => useStore(connection);

/** True when the reader must be told that the list may be old. */
export function useLineTrouble() {
  const state = useStore(connection);
  const hadIt = useStore(wasEverConnected);
  return state === "Disconnected" || (state === "Reconnecting" && hadIt);
}

export function ConnectionIndicator({ beatState, feedState, onCatchUp }) {
  const state = useConnection();
  const beat = useStateContext(beatState)[`beat${FIELD}`];
  const seq = useStateContext(feedState)[`seq${FIELD}`];
  const errors = useContext(EventLoopContext)?.[1] ?? [];
  const line = useRef({ heardAt: 0, lostAt: Date.now(), seqWhenLost: 0 });
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
    if (isLive) return backOnLine();
    if (connection.get() === "Connected") {
      line.current.lostAt = now;
      line.current.seqWhenLost = latest.current.seq;
    }
    connection.set(now - line.current.lostAt < GIVEN_UP_MS ? "Reconnecting" : "Disconnected");
  }

  function backOnLine() {
    const cameBack = connection.get() !== "Connected" && wasEverConnected.get();
    connection.set("Connected");
    wasEverConnected.set(true);
    if (cameBack && line.current.seqWhenLost) latest.current.onCatchUp(line.current.seqWhenLost);
  }

  useEffect(() => {
    const timer = setInterval(judge, LOOK_MS);
    HINTS.forEach((hint) => window.addEventListener(hint, judge));
    return () => {
      clearInterval(timer);
      HINTS.forEach((hint) => window.removeEventListener(hint, judge));
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
