"""Every endpoint names its permission, and who asks is settled before anything is read."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.requests import ClientDisconnect

from escalation_app import request_context
from escalation_app.api import limits
from escalation_app.api.body import StrictRequest
from escalation_app.api.documentation import MOUNTED_AT
from escalation_app.api.identity import identify, once
from escalation_app.api.parameters import must_be_known, parameters_of
from escalation_app.domain.columns import LARGEST_ID
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.refusals import NoSuchCase, NoSuchConversation
from escalation_app.services.desk import Desk
from escalation_app.services.listing import AsOfNow

V1 = "/v1"
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def permits(permission: Permission) -> Callable[[Endpoint], Endpoint]:
    """Who may call this endpoint."""

    def name(endpoint: Endpoint) -> Endpoint:
        endpoint.permission = permission  # type: ignore[attr-defined]
        return endpoint

    return name


class DeskRoute(APIRoute):
    """A route that can't be made without a permission."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        permission = getattr(endpoint, "permission", None)
        if not isinstance(permission, Permission):
            raise TypeError(f"{path} names no permission.")
        self.permission = permission
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        inner, takes_json = super().get_route_handler(), self.body_field is not None
        known = parameters_of(self.dependant)

        async def answer(request: Request) -> Response:
            state = request.app.state
            caller = await identify(state.desk(), request)
            await limits.admit(state.rate_limit, caller)
            caller.viewer.must(self.permission)
            strict = StrictRequest(request.scope, request.receive)
            strict.state.viewer = caller.viewer
            once(strict, "Idempotency-Key")
            must_be_known(strict, known)
            if not takes_json:
                await strict.must_be_empty()
            elif await strict.body():
                await strict.json()
            response = await inner(strict)
            response.headers["Cache-Control"] = "no-store"
            return response

        async def handle(request: Request) -> Response:
            request_context.note(route=f"{MOUNTED_AT}{V1}{self.path_format}")
            try:
                return await answer(request)
            except ClientDisconnect:
                # Nobody hears it, and it is no fault of ours.
                return Response(status_code=400)

        return handle


async def _viewer(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


async def _as_of_now(request: Request) -> AsOfNow:
    async def as_of_now() -> Viewer:
        return (await identify(request.app.state.desk(), request)).viewer

    return as_of_now


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk()
    return desk


async def _case(escalation_id: Annotated[int, Path(examples=[12])]) -> int:
    # The database's numbers end there; beyond it there is no case either.
    if abs(escalation_id) > LARGEST_ID:
        raise NoSuchCase
    return escalation_id


async def _conversation(conversation_id: Annotated[int, Path(examples=[12])]) -> int:
    if abs(conversation_id) > LARGEST_ID:
        raise NoSuchConversation
    return conversation_id


By = Annotated[Viewer, Depends(_viewer)]
# For an answer that takes longer than a moment: the same key or session, looked at again.
ByAsOfNow = Annotated[AsOfNow, Depends(_as_of_now)]
TheDesk = Annotated[Desk, Depends(_desk)]
CaseNumber = Annotated[int, Depends(_case)]
ConversationNumber = Annotated[int, Depends(_conversation)]
# For the documentation; `identify` does the work.
bearer = HTTPBearer(auto_error=False, description="An API key, such as `demo-agent` in the demo.")
