// The browser's stores, which may be full, blocked or filled by somebody else: then nothing is kept,
// and all else goes on.

export const localStore = () => window.localStorage;
export const sessionStore = () => window.sessionStorage;

export function read(store, key) {
  try {
    return store().getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Keeps the text; an empty one is taken out. Says whether the store did so. */
export function write(store, key, text) {
  try {
    if (text) store().setItem(key, text);
    else store().removeItem(key);
    return true;
  } catch {
    return false;
  }
}

export function keysOf(store, prefix) {
  try {
    return Object.keys(store()).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** What the text says as JSON, null when it says nothing. */
export function parsed(text) {
  try {
    return JSON.parse(text || "null");
  } catch {
    return null;
  }
}
