// What is shown while something is waited for, and what once that has been too long.
import { Children, useEffect, useState } from "react";

/** The first child until `seconds` after `since`, then the second. */
export function Patience({ since, seconds, children }) {
  // No longer than that, though the server's clock may be ahead of this one.
  const left = () => Math.min(Date.parse(since) - Date.now(), 0) + seconds * 1000;
  const [over, end] = useState(false);
  useEffect(() => {
    end(left() <= 0);
    const timer = setTimeout(() => end(true), Math.max(0, left()));
    return () => clearTimeout(timer);
  }, [since, seconds]);
  const [waiting, tooLong] = Children.toArray(children);
  return over ? tooLong : waiting;
}
