// Which message a summary points at.
import { createElement as h } from "react";
import { createStore, useStore } from "./store.js";

const cited = createStore(0);

/** The number of the message that is marked, 0 for none. */
export const useCited = () => useStore(cited);

export const forgetCited = () => cited.set(0);

/** A small button that leads to the message of this number. */
export function Citation({ number }) {
  const isCited = useCited() === number;
  const show = () => {
    cited.set(number);
    document.getElementById(`message-${number}`)?.scrollIntoView({ block: "center" });
  };
  return h(
    "button",
    {
      type: "button",
      className: "citation",
      "aria-label": `Message ${number}`,
      "aria-pressed": isCited,
      onClick: show,
    },
    number,
  );
}
