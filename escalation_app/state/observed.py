"""Each event of a tab has an id, is measured, and is logged if it changed something.

It is told by its handler's name, without what was in it.
"""

import functools
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from escalation_app import measures, request_context
from escalation_app.domain.credentials import digest
from escalation_app.domain.refusals import Refusal
from escalation_app.request_context import Cause, RequestContext

log = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[Any]]


def observed(handler: Handler) -> Handler:
    name = handler.__qualname__

    @functools.wraps(handler)
    async def answer(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        began, outcome = time.perf_counter(), "broken off"
        facts: dict[str, str | int] = {"event": name, "tab": _tab(self)}
        with request_context.within(RequestContext(Cause.EVENT, facts=facts)) as context:
            try:
                done = await handler(self, *args, **kwargs)
                outcome = "done"
                return done
            except Refusal:
                outcome = "refused"
                raise
            except Exception:
                outcome = "failed"
                raise
            finally:
                _conclude(context, name, outcome, time.perf_counter() - began)

    return answer


def _conclude(context: RequestContext, name: str, outcome: str, seconds: float) -> None:
    measures.events.labels(name, outcome).inc()
    measures.event_seconds.labels(name).observe(seconds)
    if context.has_changed:
        log.info(outcome, extra={"told": {"ms": round(seconds * 1_000)}})


def _tab(state: Any) -> str:
    """The tab by a name that opens nothing, the same as long as the browser keeps it."""
    router = getattr(state, "router", None)
    token = router.session.client_token if router else ""
    return digest(token)[:12] if token else ""
