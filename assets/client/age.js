// How long ago something was, going on by itself.
import { createElement as h, useMemo, useSyncExternalStore } from "react";
import { createStore } from "./store.js";

const second = createStore(0);
if (typeof window !== "undefined") setInterval(() => second.set(second.get() + 1), 1000);

const AMBER_PART = 0.25;

const secondsTo = (at) => Math.round((Date.parse(at) - Date.now()) / 1000);
const since = (at) => span(Math.max(0, -secondsTo(at)));

function span(seconds) {
  if (seconds < 5) return null;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86400)} d`;
}

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

/** What is read off the clock; it is drawn anew when it says something else, not each second. */
const useClock = (read) => useSyncExternalStore(second.subscribe, read, read);

/** A time in words, with what it is exactly as its title. */
function Words({ at, words, title = "", ...props }) {
  const exactly = useMemo(() => `${title}${local.format(new Date(at))}`, [at, title]);
  return h("time", { dateTime: at, title: exactly, ...props }, words);
}

/** `ago` is the word behind the span, for a sentence; a list's column does without. */
export function Age({ at, ago }) {
  const passed = useClock(() => at && since(at));
  if (!at) return null;
  const words = passed === null ? "just now" : ago ? `${passed} ago` : passed;
  return h(Words, { at, words, className: "age" });
}

// When this browser first saw what began at a time of the server's, whose clock may differ.
const firstSeen = new Map();

/** Whether this browser has seen what began at `since` go on for so many seconds. */
export function useHasLasted(since, seconds) {
  if (since && !firstSeen.has(since)) firstSeen.set(since, performance.now());
  const hasLasted = () => firstSeen.has(since) && performance.now() - firstSeen.get(since) >= seconds * 1000;
  return useSyncExternalStore(second.subscribe, hasLasted, () => false);
}

/** The time left to answer; amber near the end, red when it is over. */
export function Due({ at, since: start }) {
  const urgency = useClock(() => at && urgencyOf(at, start));
  const words = useClock(() => at && dueIn(secondsTo(at)));
  if (!at) return null;
  return h(Words, { at, words, title: "Response target: ", className: "due", "data-state": urgency });
}

function urgencyOf(at, start) {
  const left = secondsTo(at);
  const whole = (Date.parse(at) - Date.parse(start)) / 1000;
  return left <= 0 ? "over" : left < whole * AMBER_PART ? "near" : "ample";
}

function dueIn(left) {
  const away = span(Math.abs(left));
  return away === null ? "due now" : left <= 0 ? `${away} over` : `${away} left`;
}

/** When something is to happen, for a sentence. */
export function Until({ at }) {
  const words = useClock(() => at && comesIn(secondsTo(at)));
  if (!at) return null;
  return h(Words, { at, words, className: "age" });
}

const comesIn = (left) => (left < 5 ? "now" : `in ${span(left)}`);
