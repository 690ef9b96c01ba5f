// What the webhooks are signed with, while somebody looks at it: in this page's memory alone.
import { createElement as h, useEffect, useRef, useState } from "react";
import { copied } from "./copying.js";
import { take } from "./orders.js";
import { createStore, useStore } from "./store.js";

const shown = createStore(null);
take("webhook-secrets", shown.set);
const hide = () => shown.set(null);

function Secret({ secret, words }) {
  const [said, say] = useState("");
  const text = useRef(null);
  const copy = async () => say(await copied(secret, text.current));
  return h(
    "div",
    { className: "button-row" },
    h("code", { ref: text, className: "secret", "data-testid": "webhook-secret" }, secret),
    h("button", { type: "button", onClick: copy }, "Copy", h("span", { className: "sr-only" }, `: ${words}`)),
    h("span", { className: "hint", role: "status" }, said || words),
  );
}

export function WebhookSecrets({ onShow }) {
  const secrets = useStore(shown);
  useEffect(() => hide, []);
  if (!secrets) {
    return h(
      "div",
      { className: "button-row" },
      h("code", { className: "secret" }, "••••••••••••••••"),
      h("button", { type: "button", onClick: () => onShow?.() }, "Show"),
    );
  }
  const { preview, published } = secrets;
  const shownAs =
    preview === published
      ? [[preview, "Signs what is delivered."]]
      : [
          [preview, "Signs the preview queue's deliveries."],
          [published, "Signs the published queue's, until the next Publish."],
        ];
  return h(
    "div",
    { className: "stack" },
    // The secret is the key: "Copied." is said of the one that was copied, and of no other.
    shownAs.filter(([secret]) => secret).map(([secret, words]) => h(Secret, { key: secret, secret, words })),
    h("button", { type: "button", onClick: hide }, "Hide"),
  );
}
