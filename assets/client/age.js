// How long ago something was, going on by itself.
import { createElement as h, useSyncExternalStore } from "react";
import { createStore, useStore } from "./store.js";

const second = createStore(0);
if (typeof window !== "undefined") setInterval(() => second.set(second.get() + 1), 1000);

const AMBER_PART = 0.25;

const since = (at) => span(Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000)));

function span(seconds) {
  if (seconds < 5) return null;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86400)} d`;
}

/** `ago` is the word behind the span, for a sentence; a list's column does without. */
export function Age({ at, ago }) {
  useStore(second);
  if (!at) return null;
  const span = since(at);
  const words = span === null ? "just now" : ago ? `${span} ago` : span;
  return h("time", { dateTime: at, title: new Date(at).toLocaleString(), className: "age" }, words);
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
  useStore(second);
  if (!at) return null;
  const left = Math.round((Date.parse(at) - Date.now()) / 1000);
  const whole = (Date.parse(at) - Date.parse(start)) / 1000;
  const state = left <= 0 ? "over" : left < whole * AMBER_PART ? "near" : "ample";
  const away = span(Math.abs(left));
  const words = away === null ? "due now" : left <= 0 ? `${away} over` : `${away} left`;
  const title = `Response target: ${new Date(at).toLocaleString()}`;
  return h("time", { dateTime: at, title, className: "due", "data-state": state }, words);
}

/** When something is to happen, for a sentence. */
export function Until({ at }) {
  useStore(second);
  if (!at) return null;
  const left = Math.round((Date.parse(at) - Date.now()) / 1000);
  const words = left < 5 ? "now" : `in ${span(left)}`;
  return h("time", { dateTime: at, title: new Date(at).toLocaleString(), className: "age" }, words);
}
