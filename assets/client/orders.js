// What the desk tells this page to do: a name and data. The page's policy lets nothing evaluate code.
import { useEffect } from "react";
import { useNavigate, useNavigation } from "react-router";
import { refs } from "$/utils/state";

const takers = new Map([
  ["toast", ({ level, text, options }) => refs.__toast?.[level]?.(text, options)],
  ["reload", () => window.location.reload()],
  ["sign-in-again", ({ login }) => window.location.assign(`${login}&next=${encodeURIComponent(here())}`)],
]);

const here = () => window.location.pathname.replace(/\/$/, "") + window.location.search;

/** From now on `taker` is given the data of the orders of this name. */
export const take = (name, taker) => takers.set(name, taker);

/** Follows the desk's redirects. Whoever has gone on meanwhile, or is on the way, is not pulled back. */
export function useRedirects() {
  const navigate = useNavigate();
  const isLeaving = useNavigation().state !== "idle";
  useEffect(() => {
    take("redirect", ({ origin, path, replace }) => {
      if (!isLeaving && origin === here()) navigate(path, { replace });
    });
  }, [navigate, isLeaving]);
}

// Of all that the framework takes from the server, setting a value is what hands data on as it is.
refs.__desk = {
  current: {
    set value({ name, data }) {
      takers.get(name)?.(data);
    },
  },
};
