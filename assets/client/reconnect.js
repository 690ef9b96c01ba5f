// The way back to the desk. The framework's socket alone would take its time: it waits 20 s for an
// answer that got lost, 15 s for a line that nobody remembers, and up to 2 s between attempts.
import { Socket } from "socket.io-client";

const ASK_MS = 500;
// A desk that answers that it can't serve is asked more and more rarely: the line is not what it lacks.
const MOST_ASK_MS = 2000;
// A hundred tabs do not ask at once.
const SPREAD_MS = 300;
const ANSWER_MS = 3000;
const PATIENCE_MS = 5000;
const MOST_PATIENCE_MS = 20000;

/** The framework's socket and when it last set out. It keeps both to itself. */
let socket = null;
let startedAt = 0;
const connect = Socket.prototype.connect;
Socket.prototype.connect = function () {
  socket = this;
  startedAt = performance.now();
  return connect.call(this);
};

let askedAt = 0;
let pause = ASK_MS;
/** Since when the line is known to carry; 0 while it is not. */
let carriesSince = 0;
/** A line that was never dead is only slow: what has set out over it will arrive. */
let wasDead = false;
let patience = PATIENCE_MS;

/** The status of the answer; 0 without one. */
async function asked(path) {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return (await fetch(path, { cache: "no-store", signal })).status;
  } catch {
    return 0;
  }
}

export async function answers(path) {
  return (await asked(path)) === 200;
}

/** An open socket is too long silent; one that set out over a dead line will never arrive. */
function isHopeless(silentMs) {
  const waited = Math.min(performance.now() - startedAt, silentMs);
  return waited > patience || (!socket.connected && wasDead && startedAt < carriesSince);
}

/** Gives the socket up, whatever may still come out of it, for a new one. */
export function setOutAnew() {
  if (!socket?.reconnect) return;
  socket.disconnect();
  // What the framework itself goes by.
  socket.wait_connect = false;
  socket.reconnect();
}

/** To be called again and again while nothing is heard of the desk, for so long by now. */
export async function findWayBack(silentMs) {
  const now = performance.now();
  if (now < askedAt + pause || !socket?.reconnect) return;
  askedAt = now + Math.random() * SPREAD_MS;
  const attempt = startedAt;
  // An open socket is silent too while the desk has nothing to show.
  const status = await asked(socket.connected ? "/readyz" : "/healthz");
  pause = status === 503 ? Math.min(2 * pause, MOST_ASK_MS) : ASK_MS;
  const carries = status === 200;
  // Whoever was heard before has fallen silent.
  wasDead ||= !carries || Number.isFinite(silentMs);
  if (!carries && now > carriesSince) carriesSince = 0;
  if (!carries) return;
  carriesSince ||= now;
  if (attempt !== startedAt || !isHopeless(silentMs)) return;
  patience = Math.min(2 * patience, MOST_PATIENCE_MS);
  setOutAnew();
}

export function found() {
  patience = PATIENCE_MS;
  pause = ASK_MS;
  carriesSince = 0;
  wasDead = false;
}
