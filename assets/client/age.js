// How long ago something was, going on by itself.
import { createElement as h } from "react";
import { createStore, useStore } from "./store.js";

const second = createStore(0);
if (typeof window !== "undefined") setInterval(() => second.set(second.get() + 1), 1000);

function since(at) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));
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
