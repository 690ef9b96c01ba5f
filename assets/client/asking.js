// What a person asked for and has had no answer to yet. A click that got lost must not look done.
import { createElement as h, useEffect, useState } from "react";
import { createStore, useStore } from "./store.js";
import { useConnection } from "./connection.js";
import { take } from "./orders.js";

const PATIENCE_MS = 10000;
/** Grows with each refusal: that is an answer, too. */
const refusals = createStore(0);
take("refused", () => refusals.set(refusals.get() + 1));

/**
 * A button that says so while it waits. `answer` is anything that changes when the desk has done
 * what was asked, or somebody else did.
 */
export function AskButton({ label, busy, answer, onClick, disabled, ...props }) {
  const refusal = useStore(refusals);
  const line = useConnection();
  const [state, setState] = useState("ready");
  const isAsked = state === "asked";
  useEffect(() => setState("ready"), [answer, refusal]);
  useEffect(() => {
    if (!isAsked) return undefined;
    if (line !== "Connected") return setState("unsure");
    const timer = setTimeout(() => setState("unsure"), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAsked, line]);
  const ask = (event) => {
    const { form } = event.currentTarget;
    if (props.type === "submit" && form && !form.checkValidity()) return;
    // After this click's own submit has been taken: a disabled button submits nothing.
    setTimeout(() => setState("asked"));
    onClick?.(event);
  };
  return h(
    "span",
    { className: "ask-button" },
    h("button", { ...props, disabled: disabled || isAsked, onClick: ask }, isAsked ? busy : label),
    state === "unsure" &&
      h("span", { role: "alert", className: "unsure" }, "This may not have got through. Look before you try again."),
  );
}
