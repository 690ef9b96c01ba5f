// Where the pointer is. While it is on the list, nothing moves under it.
import { createElement as h, useRef } from "react";
import { useStateContext } from "$/utils/context-registry";
import { FIELD, createStore, useStore } from "./store.js";

const holding = createStore(false);
const drawn = { rows: [], key: "" };
const held = createStore(0);
const taken = createStore(0);

export const useHeldCount = () => useStore(held);

/**
 * The rows to draw. While the pointer or the focus is on the list, new rows wait and leaving rows
 * keep their place.
 */
export function useHeldRows(rowsState, list) {
  const state = useStateContext(rowsState);
  const isHolding = useStore(holding);
  useStore(taken);
  const order = state[`order${FIELD}`];
  const incoming = order?.map((slot) => state[`slot_${slot}`]).filter(Boolean);
  if (incoming === undefined) return drawn.rows;
  if (!isHolding || drawn.key !== list) {
    drawn.rows = incoming;
    drawn.key = list;
  } else {
    const now = new Map(incoming.map((row) => [row.id, row]));
    drawn.rows = drawn.rows.map((row) => now.get(row.id) ?? { ...row, gone: true });
  }
  const shown = new Set(drawn.rows.map((row) => row.id));
  const waiting = incoming.filter((row) => !shown.has(row.id)).length;
  queueMicrotask(() => held.set(waiting));
  return drawn.rows;
}

export const useRowsLoaded = (rowsState) =>
  Array.isArray(useStateContext(rowsState)[`order${FIELD}`]);

/** Take in what waits; what comes later is held again. */
export function showHeld() {
  drawn.key = null;
  taken.set(taken.get() + 1);
}

export function ListHold({ children, ...props }) {
  const pointer = useRef(false);
  const focus = useRef(false);
  const judge = () => holding.set(pointer.current || focus.current);
  const isRow = (target) => Boolean(target.closest?.('[data-testid="escalation-row"]'));
  return h(
    "div",
    {
      ...props,
      onPointerEnter: () => ((pointer.current = true), judge()),
      onPointerLeave: () => ((pointer.current = false), judge()),
      onFocus: (event) => ((focus.current = isRow(event.target)), judge()),
      onBlur: () => ((focus.current = false), judge()),
    },
    children,
  );
}
