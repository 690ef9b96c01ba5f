"""The test conversation of one tab. What is said is stored first; judging goes on beside it."""

from typing import Any
from uuid import uuid4

import reflex as rx

from escalation_app import routes
from escalation_app.demo import angry_customer, rehearsal
from escalation_app.domain.credentials import digest
from escalation_app.domain.people import Permission, Viewer
from escalation_app.domain.profile import profile_of
from escalation_app.domain.refusals import (
    InvalidInput,
    NoSuchConversation,
    NotJudgedYet,
    NotPermitted,
    NotSignedIn,
    Refusal,
)
from escalation_app.domain.snapshots import iso
from escalation_app.domain.text import storable
from escalation_app.domain.vocabulary import Speaker
from escalation_app.services import chats, conversations, replies, sessions
from escalation_app.services.conversations import Heard
from escalation_app.state import verdicts
from escalation_app.state.arguments import conversation_number, message_number, queue_named
from escalation_app.state.browser_events import address_of, redirect, toast
from escalation_app.state.conversation_screen import (
    Answering,
    ConversationScreen,
    Sent,
    WrongProfile,
)
from escalation_app.state.frame import frame, framed
from escalation_app.state.guard import desk, permits, secret_of_tab, viewer
from escalation_app.state.screen import read_at_load, send_all

ANGRY_CUSTOMER = "angry-customer"
SCRIPT_IS_OVER = "The script has ended. You can go on in your own words."


@framed
@read_at_load
class ConversationState(ConversationScreen, rx.State):
    @rx.event
    @permits(Permission.PUBLIC)
    async def load(self) -> Any:
        """Show what the address bar names."""
        try:
            who = await sessions.who(desk(), secret_of_tab(self))
        except NotSignedIn:
            return redirect(self, routes.login(routes.own_path(address_of(self)) or ""))
        await frame(self, who, "conversation")
        self.viewer_id = who.person_id
        try:
            who.must(Permission.CONVERSE)
        except NotPermitted as refusal:
            await self._open(who, 0)
            send_all(self)
            self.barred = str(refusal)
            return None
        query = self.router.url.query_parameters
        try:
            await self._open(who, conversation_number(query["id"]) if query.get("id") else 0)
        except (InvalidInput, NoSuchConversation):
            await self._open(who, 0)
            self.missing = True
        send_all(self)
        self.barred = ""
        if not self.conversation_id:
            await self._choose(who, query.get("queue", ""))
        elif query.get("queue") != self.queue:
            return redirect(self, self._address(), replace=True)
        return None

    @rx.event
    @permits(Permission.CONVERSE)
    async def choose(self, queue: str) -> None:
        """Say beforehand when nothing can fire on the queue of the next conversation."""
        queue = queue_named(queue).value
        if not self.conversation_id:
            await self._choose(viewer(), queue)

    @rx.event(temporal=True)
    @permits(Permission.CONVERSE)
    async def start(self, kind: str, queue: str, names: list[str], values: list[str]) -> Any:
        """Begin a conversation with this profile; the angry customer speaks at once."""
        is_scripted = kind == ANGRY_CUSTOMER
        begins_with = angry_customer.EXTERNAL_ID if is_scripted else "test"
        external_id = f"{begins_with}-{uuid4().hex[:12]}"
        attempt = self.wrong_profile.attempt + 1
        try:
            profile = profile_of(names, values)
        except InvalidInput as refusal:
            place = refusal.field.removeprefix("profile.")
            if not place.isdecimal():
                raise
            self.wrong_profile = WrongProfile(attempt, int(place), str(refusal))
            return None
        self.wrong_profile = WrongProfile(attempt)
        started = await conversations.start(
            desk(), viewer(), queue_named(queue), external_id, profile
        )
        await self._open(viewer(), started.id or 0)
        return [redirect(self, self._address()), *(await self._step() if is_scripted else [])]

    @rx.event(temporal=True)
    @permits(Permission.CONVERSE)
    async def next_message(self, conversation_id: int, step: int) -> Any:
        """Let the script go on by one message after `step`, once however often it was asked for."""
        await self._open(viewer(), conversation_number(conversation_id))
        if not self.scripted:
            raise InvalidInput("id", "This conversation follows no script.")
        return await self._step() if step == self.script_step else None

    @rx.event(temporal=True)
    @permits(Permission.CONVERSE)
    async def say(self, conversation_id: int, text: str, key: str) -> Any:
        """Store what the end user says; the same key again is the same message, stored already."""
        number, key = conversation_number(conversation_id), storable(key, "key", limit=64)
        if self.sent.key == key and not self.sent.refusal:
            return None
        try:
            heard = await conversations.add_message(
                desk(), viewer(), number, Speaker.USER, _sayable(text), _once(key)
            )
        except Refusal as refusal:
            self.sent = Sent(key, str(refusal))
            return None
        self.sent = Sent(key)
        return await self._stored(heard, answers=True)

    @rx.event(background=True)
    @permits(Permission.CONVERSE)
    async def judge(self, conversation_id: int, number: int, answers: bool) -> None:
        """Judge a message that this tab has stored, and let the agent answer it."""
        conversation, message = conversation_number(conversation_id), message_number(number)
        async with self:
            if not self._awaits(conversation, message):
                return
            quiet = self.quiet
        verdict = verdicts.interrupted(message)
        try:
            said = await chats.message(desk(), viewer(), conversation, message)
            heard = await conversations.judge_latest(desk(), viewer(), Heard(said))
            verdict = verdicts.verdict_of(heard, quiet)
        except NotJudgedYet:
            # Its sentence is for programs; the page has a button.
            pass
        except Refusal as refusal:
            verdict = verdicts.interrupted(message, str(refusal))
        finally:
            async with self:
                if self.conversation_id == conversation:
                    self._judged(verdict)
                    await self._open(viewer(), conversation)
        if answers:
            await self._answer(viewer(), conversation, message)

    @rx.event
    @permits(Permission.CONVERSE)
    async def judge_again(self, conversation_id: int, number: int) -> Any:
        """Have a message judged whose judge was interrupted."""
        conversation, message = conversation_number(conversation_id), message_number(number)
        if conversation != self.conversation_id:
            return None
        now = desk().clock()
        self.verdicts = verdicts.without_forgotten(self._rows(), now)
        if not any(one.number == message and one.again for one in self._rows()):
            return None
        self._judged(verdicts.detecting(message, now))
        return ConversationState.judge(conversation, message, False)

    async def _answer(self, who: Viewer, conversation: int, message: int) -> None:
        """The agent answers the end user's latest message, while it has the conversation."""
        chat = await chats.chat(desk(), who, conversation)
        later = any(row.speaker == Speaker.USER and row.number > message for row in chat.messages)
        if chat.is_open or later:
            return
        async with self:
            self.answering = [*self.answering, Answering(message, iso(desk().clock()))]
        try:
            await replies.reply(desk(), who, conversation)
        finally:
            async with self:
                self.answering = [one for one in self.answering if one.number != message]
                if self.conversation_id == conversation:
                    await self._open(who, conversation)

    async def _step(self) -> list[Any]:
        said = [message.text for message in self.messages]
        step = rehearsal.next_step(said, agent_is_silent=self.is_open)
        if step is None:
            return [toast("info", SCRIPT_IS_OVER, once_as="script-is-over")]
        heard = await conversations.add_message(desk(), viewer(), self.conversation_id, *step)
        return await self._stored(heard, answers=False)

    async def _stored(self, heard: Heard, *, answers: bool) -> list[Any]:
        """Show the stored message, and have it judged if there is anything to judge."""
        conversation, number = heard.message.conversation_id, heard.message.number
        await self._open(viewer(), conversation)
        if heard.message.speaker is not Speaker.USER:
            return []
        if heard.escalation is not None:
            self._judged(verdicts.verdict_of(heard, self.quiet))
            return []
        self._judged(verdicts.detecting(number, desk().clock()))
        # One that was stored before may have its answer already.
        is_open = heard.is_new or self.messages[-1].number == number
        return [ConversationState.judge(conversation, number, answers and is_open)]


def _once(key: str) -> str:
    """The box's key as the database keeps it; anybody on the socket can choose it."""
    return f"say-{digest(key)}" if key else ""


def _sayable(text: str) -> str:
    if not storable(text, "The message").strip():
        raise InvalidInput("text", "Please write a message first.")
    return text
