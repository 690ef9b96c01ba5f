// Where the end user's words are typed. The box is emptied only when the desk has stored them.
import { createElement as h, useEffect, useRef, useState } from "react";
import { localStore, parsed, read, write } from "./browser_store.js";
import { keyOf } from "./drafts.js";

const MOST = 100000;
// So long an answer may take; then the box can be sent again, which stores nothing twice.
const PATIENCE_MS = 8000;
const TOO_LONG = "The message is longer than 100,000 characters.";

const NOTHING = { key: "", text: "" };

const characters = (text) => (text.length <= MOST ? text.length : [...text].length);

/** The half-written text, kept in this person's browser for this conversation. */
function useKept(key) {
  const [text, setText] = useState("");
  useEffect(() => setText(read(localStore, key)), [key]);
  const keep = (next) => {
    setText(next);
    write(localStore, key, next);
  };
  return [text, keep];
}

/** What was sent last and not yet answered: it outlives a reload, so that it is not sent twice. */
function useAsked(key) {
  const asked = useRef(NOTHING);
  useEffect(() => {
    asked.current = parsed(read(localStore, `${key}:asked`)) ?? NOTHING;
  }, [key]);
  const ask = (next) => {
    asked.current = next;
    write(localStore, `${key}:asked`, JSON.stringify(next));
  };
  return [asked, ask];
}

export function MessageBox({ conversation, person, sent, live, onSend, children }) {
  const draft = keyOf(person, "say", conversation, "message");
  const [asked, ask] = useAsked(draft);
  const [text, keep] = useKept(draft);
  const [complaint, complain] = useState("");
  const [waiting, wait] = useState(false);
  const { key: answered, refusal } = sent ?? {};

  useEffect(() => {
    if (!answered || answered !== asked.current.key) return;
    wait(false);
    complain(refusal);
    if (refusal) return;
    // What was typed since then stays.
    const typed = asked.current.text;
    const now = text || read(localStore, draft);
    if (now.startsWith(typed)) keep(now.slice(typed.length).trimStart());
    ask(NOTHING);
  }, [answered, refusal, draft]);

  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(() => wait(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);

  const ready = Boolean(conversation) && live;
  function send(event) {
    event.preventDefault();
    if (!ready || waiting || !text.trim()) return;
    if (characters(text) > MOST) return complain(TOO_LONG);
    const isAgain = asked.current.text === text && asked.current.key && !complaint;
    const key = isAgain ? asked.current.key : Math.random().toString(36).slice(2);
    ask({ key, text });
    complain("");
    wait(true);
    onSend(conversation, text, key);
  }
  const onKeyDown = (event) => {
    // Enter also ends the choosing of a character in an input method; that is no sending.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
  };
  return h(
    "form",
    { className: "message-box", onSubmit: send },
    complaint && h("p", { role: "alert", className: "notice bad" }, complaint),
    h(
      "label",
      { className: "field" },
      h("span", { className: "field-label" }, "Message"),
      h("textarea", {
        name: "message",
        rows: 2,
        dir: "auto",
        enterKeyHint: "send",
        placeholder: conversation ? "What the end user writes" : "Start a conversation first",
        disabled: !conversation,
        value: text,
        onKeyDown,
        onChange: (event) => keep(event.target.value),
      }),
    ),
    h(
      "div",
      { className: "message-actions" },
      children,
      h("span", { className: "quiet-text key-hint" }, "Enter sends, Shift+Enter is a new line"),
      h(
        "button",
        { type: "submit", className: "primary send", disabled: !ready || waiting || !text.trim() },
        "Send",
      ),
    ),
  );
}
