// What was typed but not yet sent. It stays in this browser until it is filed or thrown away.
import { createElement as h, useEffect, useRef, useState } from "react";

import { createStore, useStore } from "./store.js";

export const keyOf = (person, form, draft, name) => `desk-draft:${person}:${form}:${draft}:${name}`;
const read = (key) => localStorage.getItem(key) ?? "";
/** Grows whenever a draft was changed elsewhere: filed, discarded, or typed in another tab. */
const changes = createStore(0);
const changed = () => changes.set(changes.get() + 1);

/** Forgets what was filed. It is always there, since a filed note's own form may be gone already. */
export function FiledNotes({ person, receipt }) {
  const known = useRef(receipt);
  useEffect(() => {
    if (!receipt || receipt === known.current) return;
    known.current = receipt;
    const [form, draft] = receipt.split(":");
    // Nothing is left to say of a completed case.
    const forms = form === "complete" ? ["complete", "release"] : [form];
    const starts = forms.map((one) => keyOf(person, one, draft, ""));
    Object.keys(localStorage)
      .filter((key) => starts.some((start) => key.startsWith(start)))
      .forEach((key) => localStorage.removeItem(key));
    changed();
  }, [receipt]);
  useEffect(() => {
    const ofAnotherTab = (event) => event.key?.startsWith("desk-draft:") && changed();
    window.addEventListener("storage", ofAnotherTab);
    return () => window.removeEventListener("storage", ofAnotherTab);
  }, []);
  return null;
}

/** A text area whose half-written text survives reloads, reconnects and other people. */
export function DraftArea({ label, name, form, draft, person, hint, required, rows }) {
  const key = keyOf(person, form, draft, name);
  const [text, setText] = useState("");
  const area = useRef(null);
  const elsewhere = useStore(changes);
  useEffect(() => setText(read(key)), [key, elsewhere]);
  useEffect(() => {
    const isBlank = required && text.trim() === "";
    area.current?.setCustomValidity(isBlank ? "Please write something here." : "");
  }, [text, required]);
  return h(
    "label",
    { className: "field" },
    h("span", { className: "field-label" }, label),
    h("textarea", {
      ref: area,
      name,
      required,
      rows: rows ?? 3,
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

/** What somebody typed for a case that meanwhile is no longer theirs: to read, copy or discard. */
export function UnsentNotes({ draft, person, fields }) {
  useStore(changes);
  const [isRead, setRead] = useState(false);
  useEffect(() => setRead(true), []);
  if (!isRead) return null;
  const notes = fields
    .map(({ form, name, label }) => ({ label, key: keyOf(person, form, draft, name) }))
    .map((note) => ({ ...note, text: read(note.key) }))
    .filter((note) => note.text.trim());
  if (!notes.length) return null;
  const copy = () => navigator.clipboard?.writeText(notes.map((note) => note.text).join("\n\n"));
  const discard = () => (notes.forEach((note) => localStorage.removeItem(note.key)), changed());
  return h(
    "section",
    { className: "card unsent", "aria-label": "Your unsent note" },
    h("h2", null, "Your unsent note"),
    ...notes.map((note) =>
      h("div", { key: note.key }, h("h3", null, note.label), h("p", { className: "text", dir: "auto" }, note.text)),
    ),
    h(
      "div",
      { className: "unsent-actions" },
      h("button", { type: "button", onClick: copy }, "Copy"),
      h("button", { type: "button", className: "quiet", onClick: discard }, "Discard"),
    ),
  );
}
