// The settings' form in the browser: no letter is lost between the keyboard and the desk.
import { createElement as h, useEffect, useRef, useState } from "react";
import { keysOf, parsed, read, sessionStore, write } from "./browser_store.js";

const PAUSE_MS = 250;
// The desk takes no more in one field; whatever is shorter is judged in words when it is saved.
const LONGEST = 100_000;

// What was typed last in each field of this tab. It bridges a reload that comes before the desk
// has heard of it.
const keyOf = (person) => `desk-settings-typed:${person}`;

function typedBy(person, revision) {
  const kept = parsed(read(sessionStore, keyOf(person)));
  return kept?.revision === revision ? kept.fields : {};
}

function keepTyped(person, revision, path, text) {
  const fields = { ...typedBy(person, revision), [path]: text };
  write(sessionStore, keyOf(person), JSON.stringify({ revision, fields }));
}

export function forgetTyped() {
  keysOf(sessionStore, keyOf("")).forEach((key) => write(sessionStore, key, ""));
}

/** The text is the browser's own; the desk's value is taken over only when `epoch` changes. */
function useTyped({ path, value, epoch, revision, person, onEdit }) {
  const [text, setText] = useState(value);
  const timer = useRef(null);
  const latest = useRef({});
  latest.current = { ...latest.current, onEdit, revision };
  const send = () => {
    if (timer.current === null) return;
    clearTimeout(timer.current);
    timer.current = null;
    latest.current.onEdit(path, latest.current.text);
  };
  const type = (typed) => {
    setText(typed);
    latest.current.text = typed;
    keepTyped(person, latest.current.revision, path, typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(send, PAUSE_MS);
  };
  useEffect(() => {
    if (timer.current !== null) return;
    const unheard = typedBy(person, revision)[path];
    setText(unheard ?? value);
    if (unheard !== undefined && unheard !== value) onEdit(path, unheard);
  }, [epoch, path]);
  useEffect(() => send, []);
  return { text: text ?? "", type, send };
}

export function TextField(props) {
  const { path, label, error, hint, rows, limit, inputMode, placeholder, startsFocused } = props;
  const { text, type, send } = useTyped(props);
  const id = `field-${path}`;
  const length = [...text].length;
  const described = [error && `${id}-error`, limit && `${id}-count`, hint && `${id}-hint`];
  const field = {
    id,
    placeholder,
    autoFocus: startsFocused,
    maxLength: LONGEST,
    dir: "auto",
    value: text,
    "aria-invalid": error ? "true" : undefined,
    "aria-describedby": described.filter(Boolean).join(" ") || undefined,
    onChange: (event) => type(event.target.value),
    onBlur: send,
  };
  return h(
    "div",
    { className: "field" },
    h(
      "div",
      { className: "field-head" },
      h("label", { htmlFor: id, className: "field-label" }, label),
      limit &&
        h(
          "span",
          { id: `${id}-count`, className: "counter", "data-over": length > limit || undefined },
          `${length.toLocaleString("en")} / ${limit.toLocaleString("en")}`,
        ),
    ),
    rows ? h("textarea", { ...field, rows }) : h("input", { ...field, type: "text", inputMode }),
    hint && h("p", { id: `${id}-hint`, className: "hint" }, hint),
    error && h("p", { id: `${id}-error`, className: "field-error" }, error),
  );
}

/** Says so when what others see is no longer what this tab has read. */
export function OnDifference({ of, to, onDiffer }) {
  useEffect(() => {
    if (of && of !== to) onDiffer();
  }, [of, to]);
  return null;
}

/** After each attempt the focus goes there, say to the first field that is wrong. */
export function LeadTo({ attempt, at }) {
  const before = useRef(attempt);
  useEffect(() => {
    if (attempt > before.current) document.querySelector(at)?.focus();
    before.current = attempt;
  }, [attempt]);
  return null;
}

/** The browser's own modal dialog: it holds the focus, closes on Escape, and gives the focus back. */
export function Dialog({ open, label, onDismiss, children, ...props }) {
  const box = useRef(null);
  useEffect(() => {
    if (open && !box.current.open) box.current.showModal();
    if (!open && box.current.open) box.current.close();
  }, [open]);
  const onCancel = (event) => (event.preventDefault(), onDismiss());
  return h(
    "dialog",
    { ...props, ref: box, role: "dialog", "aria-label": label, onCancel },
    open && children,
  );
}
