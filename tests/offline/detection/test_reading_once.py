"""Judging takes a thread of its own, and reads each message once however often it is judged."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from escalation_app.domain.detection import Utterance
from escalation_app.offline.detection import OfflineJudge, detector
from escalation_app.offline.detection.reading import Message
from tests.offline.detection.talk import ALL, AREAS, TOPICS, conversation


async def test_the_event_loop_is_not_where_it_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def seen(*_: object) -> None:
        threads.append(threading.current_thread())

    monkeypatch.setattr(detector, "judged", seen)
    await asyncio.gather(*(OfflineJudge().judge([], ALL, TOPICS, AREAS) for _ in range(4)))
    assert threading.main_thread() not in threads
    assert len(set(threads)) == 1


def test_a_message_that_is_judged_again_is_not_read_again() -> None:
    said: Sequence[Utterance] = conversation("I want my money back, you idiots!", "Hello?")
    detector.judged(said[:1], ALL, TOPICS, AREAS)
    message = Message.read(said[0])
    looked_for = dict(message._found)
    assert looked_for
    detector.judged(said[:1], ALL, TOPICS, AREAS)
    again = Message.read(said[0])
    assert again is message
    assert all(again._found[what] is found for what, found in looked_for.items())
