// The name that was typed. A wrong password is no reason to type it again.
import { createElement as h, useEffect, useRef } from "react";

const KEY = "desk-sign-in-name";
const AGAIN = ["wrong", "throttled", "unavailable", "full"];
const isRefused = () => AGAIN.includes(new URLSearchParams(window.location.search).get("error"));

/** Kept by this tab until a sign-in that was not refused. */
export function Username(props) {
  const input = useRef(null);
  useEffect(() => {
    const { form } = input.current;
    const keep = () => sessionStorage.setItem(KEY, input.current.value);
    form.addEventListener("submit", keep);
    if (!isRefused()) sessionStorage.removeItem(KEY);
    const kept = sessionStorage.getItem(KEY);
    if (kept) {
      // What a password manager has filled in meanwhile stays.
      input.current.value ||= kept;
      form.elements.password.focus();
    }
    return () => form.removeEventListener("submit", keep);
  }, []);
  return h("input", { ...props, ref: input });
}
