// Where the pointer is. While it is on the list, nothing moves under it.
import { createElement as h, useEffect, useRef } from "react";
import { useStateContext } from "$/utils/context-registry";
import { FIELD, createStore, useStore } from "./store.js";

const NOTHING = { rows: [], isFull: false };
/** The list as it was when the pointer came, or null while nobody points at it. */
const frozen = createStore(null);
/** The list as it was drawn last: what the pointer would find. */
let drawn = { list: "", ...NOTHING };

/** The rows as they were put together last, by what stays of them. A row that is the same is not drawn again. */
const whole = new WeakMap();

/** What stays of a row and what changes of it come apart. */
function rowAt(state, slot) {
  const stays = state[`slot_${slot}`];
  if (!stays) return null;
  const now = state[`slot_${slot}_now`];
  const known = whole.get(stays);
  if (known?.now === now) return known.row;
  const row = { ...stays, ...now };
  whole.set(stays, { now, row });
  return row;
}

function useIncoming(rowsState) {
  const state = useStateContext(rowsState);
  const order = state[`order${FIELD}`];
  if (!order) return null;
  const rows = order.map((slot) => rowAt(state, slot)).filter(Boolean);
  return { rows, isFull: state[`has_more${FIELD}`] };
}

/** Where the rows at the end begin that `others` does not have. */
function tailWithout(rows, others) {
  const known = new Set(others.map((row) => row.id));
  let end = rows.length;
  while (end > 0 && !known.has(rows[end - 1].id)) end -= 1;
  return end;
}

/**
 * What is drawn over what has come. A row that is missing left the list; but at the end of a full
 * page it may only have been pushed off it, and what is new at the end may only have moved up.
 */
function held(before, now) {
  const came = new Map(now.rows.map((row) => [row.id, row]));
  const pushedOff = now.isFull ? tailWithout(before.rows, now.rows) : before.rows.length;
  const rows = before.rows.map(
    (row, place) => came.get(row.id) ?? (place < pushedOff ? { ...row, gone: true } : row),
  );
  const known = new Set(before.rows.map((row) => row.id));
  const movedUp = before.isFull ? tailWithout(now.rows, before.rows) : now.rows.length;
  return { rows, waiting: now.rows.slice(0, movedUp).filter((row) => !known.has(row.id)) };
}

function useHeld(rowsState, list) {
  const incoming = useIncoming(rowsState);
  const before = useStore(frozen);
  if (!incoming) return { rows: drawn.rows, waiting: [], incoming };
  if (!before || before.list !== list) return { rows: incoming.rows, waiting: [], incoming };
  return { ...held(before, incoming), incoming };
}

/** The rows to draw: while one points at the list, new ones wait and gone ones keep their place. */
export function useHeldRows(rowsState, list) {
  const { rows, incoming } = useHeld(rowsState, list);
  useEffect(() => {
    if (incoming) drawn = { list, rows, isFull: incoming.isFull };
  });
  return rows;
}

/** "3 new", and how many of them are critical; "" while none waits. */
export function useWaiting(rowsState, list) {
  const { waiting } = useHeld(rowsState, list);
  const critical = waiting.filter((row) => row.urgency === "critical").length;
  if (!waiting.length) return "";
  return critical ? `${waiting.length} new, ${critical} critical` : `${waiting.length} new`;
}

/** True when the whole list is here and this case is not in it. */
export function useIsAbsent(rowsState, id) {
  const incoming = useIncoming(rowsState);
  return incoming !== null && !incoming.isFull && !incoming.rows.some((row) => row.id === id);
}

export function useRowsLoaded(rowsState) {
  return useIncoming(rowsState) !== null || drawn.rows.length > 0;
}

/** Take in what waits; what comes later is held again. */
export function ShowHeld({ rowsState, list, children, ...props }) {
  const incoming = useIncoming(rowsState) ?? NOTHING;
  const take = () => frozen.set({ list, ...incoming });
  return h("button", { ...props, type: "button", onClick: take }, children);
}

const ROW = '[data-testid="escalation-row"]';

/** Holds while the pointer is inside or a row has the focus; the arrow keys go from row to row. */
export function ListHold({ children, ...props }) {
  const pointer = useRef(false);
  const focus = useRef(false);
  const judge = () => {
    if (!pointer.current && !focus.current) frozen.set(null);
    else if (!frozen.get()) frozen.set(drawn);
  };
  useEffect(() => () => frozen.set(null), []);
  const isRow = (target) => Boolean(target.closest?.(ROW));
  const onKeyDown = (event) => {
    const rows = [...event.currentTarget.querySelectorAll(ROW)];
    const here = rows.indexOf(event.target.closest?.(ROW));
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (here < 0 || !rows[to]) return;
    event.preventDefault();
    rows[to].focus();
  };
  return h(
    "div",
    {
      ...props,
      onKeyDown,
      onPointerEnter: () => ((pointer.current = true), judge()),
      onPointerLeave: () => ((pointer.current = false), judge()),
      onFocus: (event) => ((focus.current = isRow(event.target)), judge()),
      onBlur: () => ((focus.current = false), judge()),
    },
    children,
  );
}
