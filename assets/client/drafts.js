// What was typed but not yet sent. It stays in this browser until it is filed or thrown away.
import { createElement as h, useEffect, useRef, useState } from "react";

const keyOf = (person, form, draft, name) => `desk-draft:${person}:${form}:${draft}:${name}`;

/** A text area whose half-written text survives reloads, reconnects and other people. */
export function DraftArea({ label, name, form, draft, person, receipt, hint, required, rows }) {
  const key = keyOf(person, form, draft, name);
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

/** What somebody typed for a case that meanwhile is no longer theirs: to read, copy or discard. */
export function UnsentNotes({ draft, person, fields }) {
  const [notes, setNotes] = useState([]);
  const read = () =>
    setNotes(
      fields
        .map(({ form, name, label }) => ({ label, key: keyOf(person, form, draft, name) }))
        .map((note) => ({ ...note, text: localStorage.getItem(note.key) }))
        .filter((note) => note.text),
    );
  useEffect(read, [draft, person]);
  if (!notes.length) return null;
  const copy = () => navigator.clipboard?.writeText(notes.map((note) => note.text).join("\n\n"));
  const discard = () => (notes.forEach((note) => localStorage.removeItem(note.key)), read());
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
