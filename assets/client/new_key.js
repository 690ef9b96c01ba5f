// A key that was just made. It is in this page's memory and nowhere else, until it is put away.
import { createElement as h, useEffect, useRef, useState } from "react";
import { copied } from "./copying.js";
import { take } from "./orders.js";
import { createStore, useStore } from "./store.js";

const made = createStore(null);
take("new-key", made.set);
const putAway = () => made.set(null);

export function NewKey() {
  const key = useStore(made);
  const [said, say] = useState("");
  const box = useRef(null);
  const text = useRef(null);
  useEffect(() => putAway, []);
  useEffect(() => {
    say("");
    if (key) box.current.focus();
  }, [key]);
  if (!key) return null;
  const copy = async () => say(await copied(key.secret, text.current));
  return h(
    "section",
    { ref: box, tabIndex: -1, className: "card new-key", "aria-label": "New key", "data-testid": "new-key" },
    h("h2", null, `The new key “${key.label}” of ${key.username}`),
    h("p", null, "Copy it now: it won't be shown again. The desk keeps only a hash of it."),
    h("code", { ref: text, className: "secret", "data-testid": "new-key-secret" }, key.secret),
    h(
      "div",
      { className: "button-row" },
      h("button", { type: "button", className: "primary", onClick: copy }, "Copy"),
      h("button", { type: "button", onClick: putAway }, "I have it: put it away"),
      h("span", { role: "status", className: "hint" }, said),
    ),
  );
}
