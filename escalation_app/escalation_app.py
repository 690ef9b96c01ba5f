"""The composition root: what the desk is made of, and who starts and ends it."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator

import reflex as rx
from reflex import constants
from reflex.utils import prerequisites
from reflex_base.event import Event
from starlette.applications import Starlette
from starlette.types import ASGIApp

from escalation_app import logs, measures, routes
from escalation_app.api import app as api_app
from escalation_app.api import content_policy, health, metrics, sign_in
from escalation_app.api.addressed import Addressed
from escalation_app.api.door import Door
from escalation_app.api.headers import SafeHeaders
from escalation_app.api.observed import Observed
from escalation_app.db.engine import Database
from escalation_app.demo import seed as demo_seed
from escalation_app.domain.refusals import Refusal
from escalation_app.integrations.bus import make_bus
from escalation_app.integrations.model.language_model import LanguageModel
from escalation_app.integrations.rate_limit import RateLimit
from escalation_app.integrations.sealer import make_sealer
from escalation_app.integrations.vault import make_vault
from escalation_app.integrations.webhooks.sender import HttpxSender, make_sender
from escalation_app.pages import api_keys, conversation, login, not_found, queue
from escalation_app.pages import settings as settings_page
from escalation_app.services.desk import Desk
from escalation_app.settings import LogFormat, settings
from escalation_app.state import guard, socket
from escalation_app.state import live as live_state
from escalation_app.state.api_keys import ApiKeysState
from escalation_app.state.browser_events import Order, tell, toast
from escalation_app.state.conversation import ConversationState
from escalation_app.state.live import FRESH_SECONDS, Live
from escalation_app.state.login import LoginState
from escalation_app.state.settings import SettingsState
from escalation_app.state.states_in_redis import outlive_redis
from escalation_app.state.workspace import WorkspaceState
from escalation_app.workers import clean_up, deliveries, fan_out, listener, timers

log = logging.getLogger(__name__)
FAILED = "That did not work. Please look whether it was done before you try again."


def answer_in_words(exception: Exception) -> list[rx.event.EventSpec]:
    """The one place where a handler's exception becomes a sentence on the screen."""
    # The framework takes events as well, but insists on this annotation.
    return _in_words(exception)


def _in_words(exception: Exception) -> list[Event]:
    if isinstance(exception, Refusal):
        # The button that asked waits no longer.
        asked = tell(Order.REFUSED)
        return [toast("error", str(exception), seconds=8, close_button=True), asked]
    log.error("an event failed", exc_info=exception)
    return [toast("error", FAILED)]


def count_page_error(exception: Exception) -> None:
    """A page's error quotes what stood on the page, or what somebody wants to be read here."""
    measures.page_errors.inc()
    log.warning("a page reported an error")


@contextlib.asynccontextmanager
async def desk_lifespan() -> AsyncIterator[None]:
    """Open what must not be opened before a worker forks, and close it again."""
    logs.install()
    asyncio.get_running_loop().set_exception_handler(logs.told_by_loop)
    measures.workers.set(1)
    database = Database(settings().database_url)
    bus = make_bus(settings().redis_url)
    vault = make_vault(settings().known_key, settings().key_file)
    model = _model()
    desk = Desk(
        database,
        bus.announce,
        is_heard=lambda: bus.is_heard,
        vault=vault,
        sealer=make_sealer(settings().known_key, settings().key_file),
        model=model,
        receivers=_sender(),
        is_demo=settings().demo,
    )
    live = Live(app, desk)
    guard.install(desk)
    socket.guard(app)
    live_state.install(live)
    look, lanes = asyncio.Event(), deliveries.lanes(desk, _sender)
    wakes = [look, *(lane.wake for lane in lanes)]
    loops = [
        asyncio.create_task(listener.run(bus, wakes), name="listener"),
        asyncio.create_task(fan_out.run(live, look), name="fan-out"),
        *(asyncio.create_task(lane.run(), name=lane.name) for lane in lanes),
        asyncio.create_task(clean_up.run(desk), name="clean-up"),
        asyncio.create_task(timers.run(desk), name="timers"),
    ]
    _greet()
    try:
        yield
    finally:
        for loop in loops:
            loop.cancel()
        # From here on nothing is pushed, and a tab must not wait to notice.
        await socket.hang_up(app)
        # What is on its way may end first.
        await asyncio.gather(*loops, return_exceptions=True)
        if model:
            await model.close()
        await bus.close()
        await database.close()


def _greet() -> None:
    """To whoever reads along, the way in; to a log, that this process serves."""
    if settings().demo and settings().log_format is LogFormat.TEXT:
        sys.stdout.write(demo_seed.welcome(settings().public_url))
        sys.stdout.flush()
    else:
        log.info("serving at %s", settings().public_url)


def _sender() -> HttpxSender:
    return make_sender(settings().webhook_allowed_networks, settings().webhook_ca_file)


def _model() -> LanguageModel | None:
    chosen = settings()
    if not chosen.has_model:
        return None
    return LanguageModel(
        base_url=chosen.openai_base_url,
        api_key=chosen.openai_api_key.get_secret_value(),
        model=chosen.openai_model,
    )


def _own_routes(inner: ASGIApp) -> ASGIApp:
    rate_limit = RateLimit(settings().api_requests_per_minute, settings().redis_url)
    programs = api_app.mount(guard.desk, rate_limit)
    own = [*sign_in.ROUTES, *health.health_routes(), *metrics.ROUTES]
    api = Starlette(routes=[*own, programs])
    api.state.desk = guard.desk
    api.state.age_of_synchronisation = lambda: live_state.live().age_of_synchronisation
    api.state.stale_after = FRESH_SECONDS
    api.mount("", Door(inner, guard.desk))
    return Observed(api, [*(route.path for route in own), *routes.PAGES])


class DeskApp(rx.App):
    """The framework's app, and around it what all answers say, the framework's own included."""

    def __call__(self) -> ASGIApp:
        """Called in each process that serves, when the pages are built."""
        inner = super().__call__()
        built = sorted((prerequisites.get_web_dir() / constants.Dirs.STATIC).rglob("*.html"))
        pages = content_policy.of_pages(
            (page.read_text() for page in built),
            origin=settings().public_url,
            may_evaluate=settings().pages_may_evaluate,
        )
        return SafeHeaders(Addressed(inner), policy_of_pages=pages, is_https=settings().is_https)


app = DeskApp(
    enable_state=True,
    stylesheets=["/styles.css"],
    html_lang="en",
    head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
    app_wraps={},
    # On the right they would lie over what one does with a case.
    toaster=rx.toast.provider(position="bottom-center"),
    backend_exception_handler=answer_in_words,
    frontend_exception_handler=count_page_error,
    api_transformer=_own_routes,
)
outlive_redis(app)
app.register_lifespan_task(desk_lifespan)
app.add_page(
    login.page, route=routes.LOGIN, title="Sign in · Escalation desk", on_load=LoginState.load
)
app.add_page(
    queue.page,
    route=routes.QUEUE_PUBLISHED,
    title="Published queue · Escalation desk",
    on_load=WorkspaceState.load,
)
app.add_page(
    queue.page,
    route=routes.QUEUE_PREVIEW,
    title="Preview queue · Escalation desk",
    on_load=WorkspaceState.load,
)
app.add_page(
    settings_page.page,
    route=routes.SETTINGS,
    title="Settings · Escalation desk",
    on_load=SettingsState.load,
)
app.add_page(
    conversation.page,
    route=routes.CONVERSATION,
    title="Test conversation · Escalation desk",
    on_load=ConversationState.load,
)
app.add_page(
    api_keys.page,
    route=routes.KEYS,
    title="API keys · Escalation desk",
    on_load=ApiKeysState.load,
)
app.add_page(not_found.page, route="404", title="No such page · Escalation desk")
