"""A search finds exactly the cases in which all its words occur, on both databases."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_app.db import case_lists, found_cases, looks
from escalation_app.domain.filters import QueueFilter
from escalation_app.domain.people import EVERYTHING
from escalation_app.domain.search import folded
from escalation_app.domain.vocabulary import Queue, Speaker, View
from escalation_app.services import conversations, escalations
from escalation_app.services.desk import Desk
from tests.cast import OMARS, Cast, a_case, id_of

CASES = [
    ("Charged twice.", "I want my MONEY back, 100% of it"),
    ("ДВАЖДЫ списали деньги", "Верните деньги, пожалуйста"),
    ("Rücksendung", "Die Straße ist falsch_geschrieben"),
    ("退款", "我要退款 \\ now"),
    ('He said "no"', "a * b AND c OR d NEAR e"),
]
WORDS = st.sampled_from(
    [
        "charged",
        "money",
        "100%",
        "дважды",
        "ДЕНЬГИ",
        "пожалуйста",
        "strasse",
        "rucksendung",
        "falsch_ge",
        "falschXge",
        "退款",
        "我要退",
        "\\",
        '"no"',
        "*",
        "AND",
        "NEAR",
        "no",
        "e",
        "a_b",
        "zz",
        "%",
        "_",
        "退",
        "(col:",
        "^now",
        "-d",
    ]
)


async def found(desk: Desk, search: str, view: View = View.ALL) -> list[int]:
    """The ids on the page; the counts must say the same."""
    chosen = QueueFilter(view=view, search=search)
    async with desk.database.reading() as session:
        page = await case_lists.page(session, EVERYTHING, Queue.PUBLISHED, chosen, 0, 50)
        counts = await case_lists.counts(session, EVERYTHING, Queue.PUBLISHED, chosen)
    ids = [id_of(case) for case in page]
    if view is View.ALL:
        assert counts.all == len(ids)
    return ids


@pytest.mark.parametrize(
    ("farthest_look", "most_found"),
    [(8_000, 5_000), (1, 5_000), (1, 0)],
    ids=["among the first", "looked up", "too many to look up"],
)
async def test_found_is_what_contains_every_word(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch, farthest_look: int, most_found: int
) -> None:
    monkeypatch.setattr(looks, "FIRST_LOOK", 1)
    monkeypatch.setattr(looks, "FARTHEST_LOOK", farthest_look)
    monkeypatch.setattr(found_cases, "MOST_FOUND", most_found)
    texts = {
        id_of(await a_case(desk, cast, reason=reason, said=said)): f"{reason}\n{said}\nDana"
        for reason, said in CASES
    }

    async def check(words: list[str]) -> None:
        expected = [
            number
            for number, text in texts.items()
            if all(folded(word) in folded(text) for word in words)
        ]
        assert sorted(await found(desk, " ".join(words))) == expected, words

    loop = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(WORDS, min_size=1, max_size=3))
    def any_search(words: list[str]) -> None:
        asyncio.run_coroutine_threadsafe(check(words), loop).result()

    await asyncio.to_thread(any_search)


async def test_a_case_is_found_by_its_number(desk: Desk, cast: Cast) -> None:
    numbers = [id_of(await a_case(desk, cast)) for _ in range(3)]
    assert await found(desk, f"#{numbers[1]}") == [numbers[1]]
    assert await found(desk, str(numbers[1])) == [numbers[1]]
    assert await found(desk, "#999999") == []


async def test_a_number_shows_nobody_what_is_outside_their_scope(desk: Desk, cast: Cast) -> None:
    number = id_of(await a_case(desk, cast, topic="Booking"))
    chosen = QueueFilter(view=View.ALL, search=f"#{number}")
    async with desk.database.reading() as session:
        assert not await case_lists.page(session, OMARS, Queue.PUBLISHED, chosen, 0, 50)
        assert (await case_lists.counts(session, OMARS, Queue.PUBLISHED, chosen)).all == 0


async def test_what_is_said_later_is_found_at_once(desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast)
    await conversations.add_message(
        desk, cast.agent, case.conversation_id, Speaker.USER, "Где мой ЗАКАЗ?"
    )
    assert await found(desk, "заказ twice") == [id_of(case)]


async def test_what_is_said_after_a_case_is_closed_finds_it_too(desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast)
    await escalations.claim(desk, cast.maria, id_of(case))
    await escalations.complete(desk, cast.maria, id_of(case), "done", "done")
    await conversations.add_message(
        desk, cast.agent, case.conversation_id, Speaker.USER, "Thank you, wizard"
    )
    assert await found(desk, "wizard", View.COMPLETED) == [id_of(case)]


async def test_own_cases_are_searched_too(desk: Desk, cast: Cast) -> None:
    case = await a_case(desk, cast, reason="Broken zip")
    await a_case(desk, cast, reason="Broken zip")
    await escalations.claim(desk, cast.maria, id_of(case))
    chosen = QueueFilter(view=View.MINE, search="ZIP")
    mine = cast.maria.person_id
    async with desk.database.reading() as session:
        page = await case_lists.page(session, EVERYTHING, Queue.PUBLISHED, chosen, mine, 50)
        count = await case_lists.count_mine(session, EVERYTHING, Queue.PUBLISHED, chosen, mine)
    assert [one.id for one in page] == [case.id]
    assert count == 1
