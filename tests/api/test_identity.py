"""Who asks is told by a key, or by a session whose page is our own."""

import httpx
import pytest

from escalation_app.api import identity
from escalation_app.api.escalations import router
from escalation_app.api.route import DeskRoute, permits
from escalation_app.domain.people import COMMAND_LINE, Permission
from escalation_app.domain.vocabulary import Role
from escalation_app.services import api_keys, people, sessions
from escalation_app.services.desk import Desk
from escalation_app.settings import Settings
from tests.api.conftest import ORIGIN, a_body, as_
from tests.cast import Cast, a_case, id_of

LIST = "/api/v1/escalations"


@pytest.fixture
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Settings(public_url_override=ORIGIN)
    monkeypatch.setattr(identity, "settings", lambda: here)


pytestmark = pytest.mark.usefixtures("_here")


async def cookie_of(desk: Desk) -> dict[str, str]:
    await people.create_person(desk, "ada", "Ada", Role.ADMIN, "a good password")
    secret, _ = await sessions.sign_in(desk, "ada", "a good password", "::1")
    return {"Cookie": f"escalation_session={secret}"}


@pytest.mark.parametrize(
    "header",
    [None, "Bearer", "Bearer ", "Bearer nothing", "Basic a2V5", "key-of-maria", "Bearer \xff", ""],
)
async def test_without_a_good_key_nothing_is_told(
    http: httpx.AsyncClient, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    for method, path in (("GET", LIST), ("POST", LIST), ("GET", "/api/v1/settings")):
        answer = await http.request(method, path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert ("invalid_token" in answer.headers["www-authenticate"]) == (header is not None)
        assert answer.json()["detail"]


async def test_the_word_bearer_may_be_written_in_any_case(http: httpx.AsyncClient) -> None:
    answer = await http.get(LIST, headers={"Authorization": "bearer key-of-maria"})
    assert answer.status_code == 200


async def test_a_demo_persons_key_is_refused_outside_the_demo(
    http: httpx.AsyncClient, desk: Desk
) -> None:
    await people.create_person(desk, "guest", "Guest", Role.ADMIN, is_demo=True)
    await api_keys.create(desk, COMMAND_LINE, "guest", "demo", secret="demo-guest")
    headers = {"Authorization": "Bearer demo-guest"}
    assert (await http.get(LIST, headers=headers)).status_code == 401
    desk.is_demo = True
    assert (await http.get(LIST, headers=headers)).status_code == 200


async def test_a_revoked_key_is_refused_from_its_next_request_on(
    http: httpx.AsyncClient, desk: Desk, cast: Cast
) -> None:
    assert (await http.get(LIST, headers=as_("maria"))).status_code == 200
    for row in await api_keys.listed(desk, cast.admin):
        await api_keys.revoke(desk, cast.admin, row.id)
    assert (await http.get(LIST, headers=as_("maria"))).status_code == 401


@pytest.mark.parametrize(
    ("page", "reads", "writes"),
    [
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}, 200, 200),
        ({"Origin": ORIGIN}, 200, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200, 403),
        ({"Sec-Fetch-Site": "none"}, 200, 403),
        ({}, 200, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403, 403),
        ({"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, 403, 403),
        ({"Origin": "https://elsewhere.example"}, 403, 403),
        ({"Origin": "null"}, 403, 403),
        ({"Origin": f"{ORIGIN}.elsewhere.example"}, 403, 403),
        ({"Origin": "http://127.0.0.1:3001"}, 403, 403),
    ],
)
async def test_a_session_counts_on_our_own_pages_only(
    http: httpx.AsyncClient, desk: Desk, cast: Cast, page: dict[str, str], reads: int, writes: int
) -> None:
    number = id_of(await a_case(desk, cast))
    headers = await cookie_of(desk) | page
    assert (await http.get(LIST, headers=headers)).status_code == reads
    answer = await http.post(f"{LIST}/{number}/claim", headers=headers)
    assert answer.status_code == writes
    now = (await http.get(f"{LIST}/{number}", headers=as_("maria"))).json()
    assert now["claimed_by"] == ("Ada" if writes == 200 else None)


async def test_a_key_goes_before_a_session(http: httpx.AsyncClient, desk: Desk) -> None:
    cookie = await cookie_of(desk)
    assert (await http.post(LIST, json=a_body(), headers=as_("agent") | cookie)).status_code == 201
    refused = await http.get(LIST, headers={"Authorization": "Bearer nothing"} | cookie)
    assert refused.status_code == 401


async def test_an_ended_session_is_no_pass(http: httpx.AsyncClient) -> None:
    headers = {"Cookie": "escalation_session=ended", "Origin": ORIGIN}
    assert (await http.get(LIST, headers=headers)).status_code == 401


async def test_no_other_site_is_invited(http: httpx.AsyncClient) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = await http.options(LIST, headers=asked)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_every_endpoint_names_its_permission() -> None:
    assert all(isinstance(route, DeskRoute) and route.permission for route in router.routes)

    async def nameless() -> None: ...

    with pytest.raises(TypeError, match="names no permission"):
        router.add_api_route("/nameless", nameless)
    permits(Permission.PUBLIC)(nameless)
