// Unsaved settings outlive their tab: the next one is offered them, unless the tab still lives.
import { useEffect } from "react";
import { keysOf, localStore, read, sessionStore, write } from "./browser_store.js";

const LEFT = "desk-settings-left:";
const TAB = "desk-settings-tab";
// More is no person's typing, and no message that the desk takes.
const LONGEST = 500_000;

const newName = () => Math.random().toString(36).slice(2);
let offered = "";
let own = null;

/** The tabs that live hold a lock each; a browser without locks offers nothing. */
async function living() {
  const { held } = await navigator.locks.query();
  return held.map((lock) => lock.name).filter((name) => name.startsWith(LEFT));
}

/** This tab's key. It stays over a reload; a duplicate of a tab takes one of its own. */
async function claim() {
  const kept = read(sessionStore, TAB);
  const key = kept && !(await living()).includes(kept) ? kept : LEFT + newName();
  write(sessionStore, TAB, key);
  navigator.locks.request(key, () => new Promise(() => {}));
  return key;
}

function ownKey() {
  own ??= navigator.locks ? claim() : Promise.resolve("");
  return own;
}

async function find(key, kept, onFound) {
  const alive = await living();
  const dead = keysOf(localStore, LEFT).filter((one) => one !== key && !alive.includes(one));
  // What this tab brought over its own reload is nothing to be offered.
  dead.filter((one) => kept && read(localStore, one) === kept).forEach((one) => write(localStore, one, ""));
  const left = dead.filter((one) => read(localStore, one));
  const [first] = left.filter((one) => read(localStore, one).length <= LONGEST);
  if (!first) return;
  offered = first;
  onFound(read(localStore, first));
}

export function dropLeftover() {
  write(localStore, offered, "");
  offered = "";
}

export function Leftovers({ kept, onFound }) {
  useEffect(() => {
    ownKey().then((key) => key && write(localStore, key, kept));
  }, [kept]);
  useEffect(() => {
    ownKey().then((key) => key && find(key, kept, onFound));
  }, []);
  return null;
}
