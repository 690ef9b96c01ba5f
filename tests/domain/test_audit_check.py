"""However a chain is tampered with, it is noticed, and a single deed is named to the entry."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.audit import Content, Place, entry_text, head_text, moment
from escalation_app.domain.audit_check import CaseCheck, StoredEntry, StoredHead
from escalation_app.domain.tampering import Tampering
from escalation_app.integrations.sealer import HmacSealer

CASE = 7
SEALER = HmacSealer("a key for tests")
Chain = tuple[StoredHead, list[StoredEntry]]
LENGTHS = st.integers(1, 8)


def written(length: int, case: int = CASE, sealer: HmacSealer = SEALER) -> Chain:
    """As the desk writes it."""
    entries: list[StoredEntry] = []
    last = ""
    for position in range(1, length + 1):
        place = Place(case, position, last)
        at = moment(datetime(2026, 11, 24, 12, position, tzinfo=UTC))
        content = Content(
            "published", "claimed", f"Maria {position}", position, at, {"n": position}
        )
        last = sealer.seal(entry_text(place, content))
        entries.append(StoredEntry(100 + position, place, last, content))
    head = StoredHead(case, length, last, sealer.seal(head_text(case, length, last)))
    return head, entries


def found(head: StoredHead, entries: list[StoredEntry]) -> list[tuple[Tampering, int]]:
    """What is found, in the order in which the database gives the rows."""
    rows = sorted(entries, key=lambda entry: entry.row)
    return [(one.kind, one.entry) for one in CaseCheck(head, rows, SEALER).findings()]


def altered(entry: StoredEntry) -> StoredEntry:
    assert entry.content is not None
    return replace(entry, content=replace(entry.content, actor="Somebody else"))


@given(LENGTHS)
def test_what_the_desk_wrote_is_whole(length: int) -> None:
    assert found(*written(length)) == []


@given(LENGTHS, st.data())
def test_each_changed_entry_is_named_and_no_other(length: int, data: st.DataObject) -> None:
    head, entries = written(length)
    changed = data.draw(st.sets(st.integers(1, length), min_size=1))
    for position in changed:
        entries[position - 1] = altered(entries[position - 1])
    assert found(head, entries) == [(Tampering.CHANGED, one) for one in sorted(changed)]


@given(LENGTHS, st.data())
def test_each_removed_entry_is_named_and_from_where_it_was_cut(
    length: int, data: st.DataObject
) -> None:
    head, entries = written(length)
    removed = data.draw(st.sets(st.integers(1, length), min_size=1))
    left = [entry for entry in entries if entry.place.position not in removed]
    end = max((entry.place.position for entry in left), default=0)
    expected = [(Tampering.REMOVED, one) for one in sorted(removed) if one < end]
    if end < length:
        expected.append((Tampering.CUT_OFF, end + 1))
    assert found(head, left) == expected


@given(st.integers(2, 8), st.data())
def test_two_rows_that_changed_places_are_named(length: int, data: st.DataObject) -> None:
    head, entries = written(length)
    one, other = sorted(data.draw(st.sets(st.integers(1, length), min_size=2, max_size=2)))
    first, second = entries[one - 1], entries[other - 1]
    entries[one - 1] = replace(first, row=second.row)
    entries[other - 1] = replace(second, row=first.row)
    assert found(head, entries) == [(Tampering.REORDERED, one), (Tampering.REORDERED, other)]


def _change(chain: Chain, which: int) -> Chain:
    head, entries = chain
    return head, [altered(e) if n == which else e for n, e in enumerate(entries)]


def _remove(chain: Chain, which: int) -> Chain:
    head, entries = chain
    return head, [e for n, e in enumerate(entries) if n != which]


def _copy(chain: Chain, which: int) -> Chain:
    head, entries = chain
    return head, [*entries, *(replace(e, row=900 + which) for e in entries[which : which + 1])]


def _turn(chain: Chain, which: int) -> Chain:
    head, entries = chain
    return head, [replace(e, row=1_000 - e.row) if n >= which else e for n, e in enumerate(entries)]


def _bring_from_another_case(chain: Chain, which: int) -> Chain:
    head, entries = chain
    foreign = written(8, case=8)[1][which]
    return head, [*entries, replace(foreign, place=replace(foreign.place, case=CASE), row=800)]


def _shorten_the_head(chain: Chain, which: int) -> Chain:
    head, entries = chain
    kept = entries[:which]
    last = kept[-1].seal if kept else ""
    return replace(head, entries=len(kept), last_seal=last), kept


def _write_with_another_key(chain: Chain, which: int) -> Chain:
    forged = written(which + 1, sealer=HmacSealer("another key"))
    return forged


DEEDS: list[Callable[[Chain, int], Chain]] = [
    *(_change, _remove, _copy, _turn),
    *(_bring_from_another_case, _shorten_the_head, _write_with_another_key),
]


@given(LENGTHS, st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 7)), max_size=5))
def test_no_deeds_together_go_unnoticed(
    length: int, deeds: list[tuple[Callable[[Chain, int], Chain], int]]
) -> None:
    chain = as_it_was = written(length)
    for deed, which in deeds:
        chain = deed(chain, which)
    read, reads = ([content(e) for e in by_row(one[1])] for one in (chain, as_it_was))
    is_same = chain[0] == as_it_was[0] and read == reads
    assert (found(*chain) == []) == is_same


def by_row(entries: list[StoredEntry]) -> list[StoredEntry]:
    return sorted(entries, key=lambda entry: entry.row)


def content(entry: StoredEntry) -> tuple[Place, str, Content | None]:
    return entry.place, entry.seal, entry.content


@given(
    st.lists(
        st.builds(
            StoredEntry,
            st.integers(1, 9),
            st.builds(
                Place, st.just(CASE), st.one_of(st.none(), st.text(), st.integers()), st.text()
            ),
            st.one_of(st.none(), st.text(), st.binary()),
            st.one_of(
                st.none(),
                st.builds(
                    Content,
                    *[st.one_of(st.none(), st.text(), st.binary(), st.integers())] * 5,
                    st.none(),
                ),
            ),
        ),
        max_size=5,
    ),
    st.builds(
        StoredHead,
        st.just(CASE),
        st.one_of(st.integers(), st.text(), st.binary()),
        st.one_of(st.text(), st.binary()),
        st.one_of(st.text(), st.binary()),
    ),
)
def test_any_nonsense_is_told_and_never_fails(entries: list[StoredEntry], head: StoredHead) -> None:
    assert CaseCheck(head, entries, SEALER).findings()
    CaseCheck(head, entries, SEALER, unsealed_until=5).findings()


@pytest.mark.parametrize("entries", [-1, 0, 1])
def test_a_case_without_a_timeline_is_told_whatever_its_row_says(entries: int) -> None:
    assert found(StoredHead(CASE, entries, "", ""), []) == [(Tampering.CUT_OFF, 1)]
