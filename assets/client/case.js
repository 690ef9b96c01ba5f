// The pane of the selected case, as the screen's width wants it.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useStateContext } from "$/utils/context-registry";
import { forgetCited } from "./citations.js";
import { FIELD } from "./store.js";

const NARROW = "(max-width: 900px)";
const NEAR_THE_END_PX = 40;

/** A list of the case whose rows come one by one, each in a var of its own. */
export function useParts(caseState, name) {
  const state = useStateContext(caseState);
  const places = Array.from({ length: state[`${name}_count${FIELD}`] ?? 0 }, (_, place) => place);
  return places.map((place) => state[`slot_${name}_${place}`]).filter(Boolean);
}

function useNarrow() {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => {
    const query = window.matchMedia(NARROW);
    const judge = () => setNarrow(query.matches);
    judge();
    query.addEventListener("change", judge);
    return () => query.removeEventListener("change", judge);
  }, []);
  return narrow;
}

/**
 * Whoever opens a case with the keyboard goes on inside it, and whoever presses a button that
 * thereby goes away is left at the case's name, not at the top of the page.
 */
function useFocusThatStays(pane, number) {
  const wasInside = useRef(false);
  const opened = useRef(number);
  // Until its name is drawn: the case and which one is chosen come from two states, one by one.
  const isOpening = useRef(false);
  useEffect(() => {
    const inside = (event) => (wasInside.current = Boolean(pane.current?.contains(event.target)));
    document.addEventListener("focusin", inside);
    return () => document.removeEventListener("focusin", inside);
  }, []);
  useEffect(() => {
    if (number !== opened.current) isOpening.current = number !== 0;
    opened.current = number;
    const name = pane.current?.querySelector("h1");
    if (!name) return;
    const onRow = document.activeElement?.matches?.('[data-testid="escalation-row"]:focus-visible');
    const isLost = wasInside.current && document.activeElement === document.body;
    if ((isOpening.current && onRow) || isLost) name.focus();
    isOpening.current = false;
  });
}

/**
 * On a narrow screen a dialog over the list: it takes the focus, closes on Escape and gives the
 * focus back. The style sheet hides the list behind it, so no key leads there.
 */
export function Drawer({ open, case: number, children, ...props }) {
  const narrow = useNarrow();
  const pane = useRef(null);
  const isDialog = narrow && open;
  useEffect(() => {
    if (!isDialog) return undefined;
    const opener = document.activeElement;
    pane.current?.focus();
    return () => opener?.focus?.();
  }, [isDialog]);
  useFocusThatStays(pane, number);
  const onKeyDown = (event) => {
    if (isDialog && event.key === "Escape") pane.current?.querySelector(".close-case")?.click();
  };
  return h(
    "section",
    {
      ...props,
      ref: pane,
      tabIndex: -1,
      onKeyDown,
      "data-testid": "detail",
      "data-open": open ? "true" : "false",
      "aria-label": "Selected case",
      ...(isDialog ? { role: "dialog" } : {}),
    },
    children,
  );
}

/** Scrolls inside; starts at its end and follows it while the reader is there. */
export function ScrollToLatest({ of, count, children, ...props }) {
  const box = useRef(null);
  const atEnd = useRef(true);
  useEffect(() => {
    atEnd.current = true;
    forgetCited();
  }, [of]);
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [of, count]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  };
  return h("div", { ...props, ref: box, onScroll, tabIndex: 0 }, children);
}

/** Leads to where this case is completed. The address says what is on screen, so it is not asked. */
export function ToFiling({ children, ...props }) {
  const go = () => {
    const filing = document.getElementById("filing");
    filing?.scrollIntoView();
    filing?.querySelector("textarea")?.focus({ preventScroll: true });
  };
  return h("button", { ...props, type: "button", onClick: go }, children);
}
