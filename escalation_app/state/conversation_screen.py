"""What the test conversation's page shows, and how it is read."""

from dataclasses import dataclass

import reflex as rx

from escalation_app import routes
from escalation_app.demo import rehearsal
from escalation_app.domain.people import Viewer
from escalation_app.domain.snapshots import MessageRow, ProfileField, iso
from escalation_app.domain.vocabulary import Queue
from escalation_app.services import chats
from escalation_app.services.chats import Chat
from escalation_app.state.arrivals import Tab
from escalation_app.state.guard import desk, secret_of_tab
from escalation_app.state.live import live
from escalation_app.state.verdicts import (
    DETECTING,
    PATIENCE,
    Verdict,
    with_verdict,
    without_forgotten,
)
from escalation_app.state.views import CaseView


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the text that the box last sent: stored, or refused in a sentence."""

    key: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """A message that the agent is about to answer, since when."""

    number: int = 0
    since: str = ""


@dataclass(frozen=True, slots=True)
class WrongProfile:
    """Which field of the form could not be taken, and why; `attempt` tells one refusal from the next."""

    attempt: int = 0
    place: int = -1
    sentence: str = ""


class ConversationScreen(rx.State, mixin=True):  # type: ignore[call-arg]
    """`queue` is the conversation's; without one, where the next would be started."""

    queue: str = Queue.PREVIEW.value
    viewer_id: int = 0
    conversation_id: int = 0
    barred: str = ""
    missing: bool = False
    scripted: bool = False
    script_step: int = 0
    quiet: str = ""
    profile: list[ProfileField] = []
    messages: list[MessageRow] = []
    case_id: int = 0
    case_href: str = ""
    is_open: bool = False
    verdicts: list[Verdict] = []
    answering: list[Answering] = []
    sent: Sent = Sent()
    wrong_profile: WrongProfile = WrongProfile()
    _shown_to: str = ""

    async def _open(self, who: Viewer, conversation_id: int) -> None:
        """Read the conversation anew; 0 shows none. Raises NoSuchConversation."""
        chat = (
            await chats.chat(desk(), who, conversation_id)
            if conversation_id
            else Chat(0, Queue(self.queue), "", 0, is_open=False, quiet="")
        )
        if conversation_id != self.conversation_id:
            self.verdicts, self.answering = [], []
        self._show(chat)
        now = desk().clock()
        self.verdicts = without_forgotten(self._rows(), now)
        # An agent that ended with its process will not answer any more.
        self.answering = [one for one in self.answering if one.since >= iso(now - PATIENCE)]
        await self._look(who)

    def _show(self, chat: Chat) -> None:
        self.conversation_id, self.queue, self.missing = chat.id, chat.queue.value, False
        self.messages, self.profile = chat.messages, chat.profile
        self.case_id, self.is_open, self.quiet = chat.case_id, chat.is_open, chat.quiet
        self.case_href = routes.queue(self.queue, {"case": [str(chat.case_id)]})
        self.scripted = rehearsal.follows_the_script(chat.external_id)
        self.script_step = rehearsal.steps_done(message.text for message in chat.messages)

    async def _choose(self, who: Viewer, queue: str) -> None:
        """Where the next conversation starts; what is no queue is the preview."""
        self.queue = queue if queue in {one.value for one in Queue} else Queue.PREVIEW.value
        self.quiet = await chats.why_quiet(desk(), who, Queue(self.queue))

    async def _look(self, who: Viewer) -> None:
        """Follow the conversation's case live, unless the tab has gone to another page meanwhile."""
        if self.router.url.path.rstrip("/") != routes.CONVERSATION:
            return
        sid, secret = self.router.session.session_id, secret_of_tab(self) or ""
        views = (CaseView(Queue(self.queue), self.case_id, who),) if self.case_id else ()
        await live().show(Tab(sid, secret, who), views, afresh=self._shown_to != sid)
        self._shown_to = sid

    def _judged(self, verdict: Verdict) -> None:
        self.verdicts = with_verdict(self._rows(), verdict)

    def _awaits(self, conversation: int, message: int) -> bool:
        """Whether this tab has the message and nobody has judged it yet."""
        return self.conversation_id == conversation and any(
            one.number == message and one.kind == DETECTING for one in self.verdicts
        )

    def _rows(self) -> list[Verdict]:
        """The verdicts themselves, not the proxies that the framework hands out."""
        return list(self.get_value("verdicts"))

    def _address(self) -> str:
        return routes.conversation(self.queue, self.conversation_id)
