// The address bar is what the screen shows, so every choice is made on the address as it is now,
// at once and in the browser: two quick choices add up, however slow the server is.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Link, useLocation, useNavigate } from "react-router";

const ORDER = ["view", "status", "urgency", "topic", "area", "q", "case"];
const NARROWING = ["status", "urgency", "topic", "area", "q"];
const PAUSE_MS = 300;
// A page that is only just being read is no page behind.
const PATIENCE_MS = 400;

/**
 * The address with these parameters changed; an empty value takes one away. It is never bare: that is how
 * one asks for what was chosen last.
 */
function changed(location, changes) {
  const query = new URLSearchParams(location.search);
  Object.entries(changes).forEach(([name, value]) => query.set(name, value));
  const pairs = ORDER.filter((name) => query.get(name)).map(
    (name) => `${name}=${encodeURIComponent(query.get(name)).replaceAll("%2C", ",")}`,
  );
  const path = location.pathname.replace(/\/$/, "");
  return `${path}?${pairs.join("&") || "view=waiting"}`;
}

/** The values of a filter that are among its options, spelt as they are; others are left out. */
function valuesOf(location, name, options) {
  const said = (new URLSearchParams(location.search).get(name) ?? "").split(",");
  const alike = (value) => (option) => option.toLowerCase() === value.trim().toLowerCase();
  return said
    .map((value) => options.find((option) => option === value) ?? options.find(alike(value)))
    .filter(Boolean);
}

const never = () => () => {};

/** The address; without its parameters while a page built beforehand is taken over by the browser. */
function useAddress() {
  const location = useLocation();
  const isTakenOver = useSyncExternalStore(never, () => true, () => false);
  return isTakenOver ? location : { pathname: location.pathname, search: "" };
}

/** Go to the address as it will be then, which may be further on than what was drawn. */
function useChange() {
  const navigate = useNavigate();
  return (changes) => navigate(changed(window.location, changes), { replace: true });
}

/** A link to the same page with other parameters. */
export function AddressLink({ changes, children, onClick, ...props }) {
  const location = useAddress();
  const navigate = useNavigate();
  const go = (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onClick?.(event);
    navigate(changed(window.location, changes));
  };
  return h(Link, { ...props, to: changed(location, changes), onClick: go }, children);
}

/** A link to a view that holds this case: filters that would hide it are taken away, others stay. */
export function CaseLink({ view, facts, ...props }) {
  const location = useAddress();
  const query = new URLSearchParams(location.search);
  const hides = ([name, value]) => !valuesOf(location, name, [value]).length && query.get(name);
  const hiding = Object.entries(facts).filter(hides).map(([name]) => [name, ""]);
  return h(AddressLink, { ...props, changes: { view, q: "", ...Object.fromEntries(hiding) } });
}

// No topic and no area holds a comma, so neither is taken for one.
const MORE = ",+";
const SEVERAL = ",*";

/** One filter: a value alone, none, or one more beside those that are chosen. */
export function FilterSelect({ name, label, options }) {
  const location = useAddress();
  const change = useChange();
  const chosen = valuesOf(location, name, options);
  const others = chosen.length ? options.filter((option) => !chosen.includes(option)) : [];
  const pick = ({ target: { value } }) => {
    const held = valuesOf(window.location, name, options);
    change({ [name]: value.startsWith(MORE) ? [...held, value.slice(MORE.length)].join(",") : value });
  };
  return h(
    "label",
    { className: "filter" },
    h("span", { className: "filter-label" }, label),
    h(
      "select",
      { value: chosen.length > 1 ? SEVERAL : (chosen[0] ?? ""), onChange: pick },
      h("option", { value: "" }, "Any"),
      chosen.length > 1 && h("option", { value: SEVERAL, disabled: true }, `${chosen.length} chosen`),
      options.map((option) => h("option", { key: option, value: option }, option)),
      others.length > 0 &&
        h(
          "optgroup",
          { label: "Show as well" },
          others.map((option) => h("option", { key: option, value: MORE + option }, `+ ${option}`)),
        ),
    ),
  );
}

/** What is typed is the browser's own until one pauses, leaves or says so; then it is the address's. */
export function SearchBox({ placeholder }) {
  const location = useAddress();
  const change = useChange();
  const said = new URLSearchParams(location.search).get("q") ?? "";
  const [text, setText] = useState(said);
  const timer = useRef(0);
  const told = useRef(said);
  useEffect(() => {
    // Somebody else changed it: the back button, a reset, another page. Who types has the last word.
    if (said !== told.current && !timer.current) setText(said);
    told.current = said;
  }, [said]);
  const stop = () => (clearTimeout(timer.current), (timer.current = 0));
  useEffect(() => stop, []);
  const tell = (typed) => {
    stop();
    if (typed.trim() === (new URLSearchParams(window.location.search).get("q") ?? "")) return;
    told.current = typed.trim();
    change({ q: told.current });
  };
  const type = ({ target: { value } }) => {
    setText(value);
    stop();
    timer.current = setTimeout(() => tell(value), PAUSE_MS);
  };
  // Whoever leaves the box goes on to something else: what comes late would pull them back.
  const onBlur = ({ target: { value } }) => tell(value);
  const onKeyDown = ({ key, nativeEvent, target: { value } }) => {
    // An Enter that ends a composition is part of the word.
    if (key === "Enter" && !nativeEvent.isComposing) tell(value);
  };
  return h("input", {
    type: "search",
    placeholder,
    maxLength: 200,
    value: text,
    onChange: type,
    onBlur,
    onKeyDown,
  });
}

/** The chosen values, each to be taken away, and all at once. */
export function ChosenFilters({ filters }) {
  const location = useAddress();
  const change = useChange();
  const query = new URLSearchParams(location.search);
  const chips = filters.flatMap(({ name, options }) =>
    valuesOf(location, name, options).map((value) => ({ name, options, value })),
  );
  if (!NARROWING.some((name) => query.get(name))) return null;
  const without = ({ name, options, value }) => {
    const held = valuesOf(window.location, name, options);
    change({ [name]: held.filter((one) => one !== value).join(",") });
  };
  return h(
    "div",
    { className: "chips" },
    chips.map((chip) =>
      h(
        "button",
        {
          key: `${chip.name}:${chip.value}`,
          type: "button",
          className: "chip",
          "aria-label": `Remove filter ${chip.value}`,
          onClick: () => without(chip),
        },
        chip.value,
        h("span", { "aria-hidden": true }, " ×"),
      ),
    ),
    h(ResetFilters, null, "Reset filters"),
  );
}

export function ResetFilters({ children }) {
  const change = useChange();
  const reset = () => change(Object.fromEntries(NARROWING.map((name) => [name, ""])));
  return h("button", { type: "button", className: "quiet", onClick: reset }, children);
}

/** True while the screen still shows another address than the bar, for longer than a moment. */
export function useBehind(shown) {
  const { search } = useAddress();
  const [late, setLate] = useState(false);
  const isBehind = shown !== "" && shown !== (search.replace(/^\?/, "") || "-");
  useEffect(() => {
    setLate(false);
    if (!isBehind) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isBehind]);
  return isBehind && late;
}
