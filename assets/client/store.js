// A value that components watch. It lives beside React, so what is known outlives a component.
import { useSyncExternalStore } from "react";

/** What the framework appends to the name of a declared state var. */
export const FIELD = "_rx_state_";

export function createStore(initial) {
  let value = initial;
  const listeners = new Set();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      listeners.forEach((listener) => listener());
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const useStore = (store) => useSyncExternalStore(store.subscribe, store.get, store.get);
