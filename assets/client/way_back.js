// Where one wanted to go before signing in. The address knows it before anything is live.
import { createElement as h, useSyncExternalStore } from "react";
import { useRedirects } from "./orders.js";

const never = () => () => {};
const wanted = () => new URLSearchParams(window.location.search).get("next") ?? "";

export function WayBack() {
  useRedirects();
  const value = useSyncExternalStore(never, wanted, () => "");
  return h("input", { type: "hidden", name: "next", value, readOnly: true });
}
