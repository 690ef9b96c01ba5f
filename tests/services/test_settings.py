"""Saving makes the draft, publishing makes a version; two hands at once never overwrite each other."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from escalation_app.db import configurations
from escalation_app.domain.configuration import Configuration, ResponseTargets, SupervisorScope
from escalation_app.domain.configuration_refusals import (
    InvalidConfiguration,
    NoSuchVersion,
    NothingToPublish,
    SettingsChangedMeanwhile,
)
from escalation_app.domain.people import NOTHING
from escalation_app.domain.publication import Deed
from escalation_app.domain.refusals import NotPermitted
from escalation_app.domain.vocabulary import Queue, Urgency
from escalation_app.services import settings as service
from escalation_app.services import supervisors
from escalation_app.services.coverage import coverage, uncovered_once_published
from escalation_app.services.desk import Desk
from tests.cast import Cast, a_case
from tests.domain.configurations import SOUND

CONFIGURE_CALLS = {
    "read": lambda desk, who: service.read(desk, who),
    "save": lambda desk, who: service.save(desk, who, 1, SOUND),
    "publish": lambda desk, who: service.publish(desk, who, 1),
    "restore": lambda desk, who: service.restore(desk, who, 1, 1),
    "versions": lambda desk, who: service.versions(desk, who),
    "version": lambda desk, who: service.version(desk, who, 1),
    "history": lambda desk, who: service.history(desk, who),
    "search_people": lambda desk, who: service.search_people(desk, who, "o"),
    "names": lambda desk, who: supervisors.names(desk, who, ["omar"]),
    "coverage": lambda desk, who: coverage(desk, who),
    "uncovered_once_published": lambda desk, who: uncovered_once_published(desk, who),
    "renew_secret": lambda desk, who: service.renew_secret(desk, who, 1),
    "reveal_secret": lambda desk, who: service.reveal_secret(desk, who),
}


async def saved(desk: Desk, cast: Cast, configuration: Configuration = SOUND) -> int:
    now = await service.read(desk, cast.lina)
    return await service.save(desk, cast.lina, now.revision, configuration)


async def both(desk: Desk) -> tuple[Configuration, Configuration]:
    async with desk.database.reading() as session:
        return (
            await configurations.of_queue(session, Queue.PREVIEW),
            await configurations.of_queue(session, Queue.PUBLISHED),
        )


async def test_lina_saves_tries_and_publishes(desk: Desk, cast: Cast) -> None:
    before = await service.read(desk, cast.lina)
    assert not before.is_changed
    revision = await saved(desk, cast)
    assert await both(desk) == (SOUND, before.published)
    draft = await service.read(desk, cast.admin)
    assert (draft.saved_by, draft.revision) == ("Lina", revision)
    assert "Trigger condition “Angry customer”" in [change.label for change in draft.changes]
    number = await service.publish(desk, cast.admin, revision)
    assert number == before.version + 1
    assert await both(desk) == (SOUND, SOUND)
    after = await service.read(desk, cast.lina)
    assert (after.version, after.published_by, after.changes) == (number, "Admin", ())


async def test_a_fresh_desk_has_settings_under_which_supervisors_see_nothing(desk: Desk) -> None:
    assert await both(desk) == (Configuration(), Configuration())
    async with desk.database.reading() as session:
        assert (await configurations.newest(session)).number == 0
        assert await configurations.versions(session) == []


@pytest.mark.parametrize("who", ["maria", "agent"])
@pytest.mark.parametrize("call", CONFIGURE_CALLS)
async def test_who_may_not_configure_may_not_even_look(
    desk: Desk, cast: Cast, call: str, who: str
) -> None:
    before = await service.read(desk, cast.lina)
    with pytest.raises(NotPermitted):
        await CONFIGURE_CALLS[call](desk, getattr(cast, who))
    assert await service.read(desk, cast.lina) == before


async def test_of_two_who_save_at_once_one_wins_and_nothing_is_lost(desk: Desk, cast: Cast) -> None:
    revision = await saved(desk, cast)
    linas = replace(SOUND, response="Lina's words.")
    admins = replace(SOUND, language="fr")
    answers = await asyncio.gather(
        service.save(desk, cast.lina, revision, linas),
        service.save(desk, cast.admin, revision, admins),
        return_exceptions=True,
    )
    lost = [answer for answer in answers if isinstance(answer, SettingsChangedMeanwhile)]
    assert len(lost) == 1
    now = await service.read(desk, cast.lina)
    mine, theirs = (admins, linas) if lost[0].saved_by == "Lina" else (linas, admins)
    assert now.draft == lost[0].theirs == theirs
    assert now.revision == lost[0].revision == revision + 1
    told = {change.field: (change.before, change.after) for change in lost[0].changes}
    assert set(told) == {"response", "language"}
    assert told["response"] == (mine.response, theirs.response)


async def test_of_many_who_save_exactly_one_wins_each_round(desk: Desk, cast: Cast) -> None:
    revision = await saved(desk, cast)
    answers = await asyncio.gather(
        *(
            service.save(desk, cast.lina, revision, replace(SOUND, response=f"Words {n}."))
            for n in range(16)
        ),
        return_exceptions=True,
    )
    assert [answer for answer in answers if isinstance(answer, int)] == [revision + 1]
    assert sum(isinstance(answer, SettingsChangedMeanwhile) for answer in answers) == 15
    winner = next(n for n, answer in enumerate(answers) if isinstance(answer, int))
    assert (await service.read(desk, cast.lina)).draft.response == f"Words {winner}."


async def test_of_two_who_publish_at_once_one_makes_a_version(desk: Desk, cast: Cast) -> None:
    revision = await saved(desk, cast)
    answers = await asyncio.gather(
        *(service.publish(desk, who, revision) for who in (cast.lina, cast.admin)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, NothingToPublish) for answer in answers) == 1


async def test_publishing_what_somebody_changed_meanwhile_is_refused(
    desk: Desk, cast: Cast
) -> None:
    revision = await saved(desk, cast)
    await service.save(desk, cast.admin, revision, replace(SOUND, language="fr"))
    with pytest.raises(SettingsChangedMeanwhile, match="Admin saved") as refused:
        await service.publish(desk, cast.lina, revision)
    assert [change.after for change in refused.value.changes] == ["Français"]


async def test_saving_the_same_again_is_no_change(desk: Desk, cast: Cast) -> None:
    revision = await saved(desk, cast)
    done = len(await service.history(desk, cast.lina))
    # Also when the answer to the first save was lost, and from any older revision.
    for began_from in (revision, revision - 1):
        assert await service.save(desk, cast.lina, began_from, SOUND) == revision
    assert len(await service.history(desk, cast.lina)) == done


async def test_a_new_secret_is_in_nobodys_way(desk: Desk, cast: Cast) -> None:
    revision = await saved(desk, cast)
    renewed = await service.renew_secret(desk, cast.admin, revision)
    another = replace(SOUND, language="fr")
    assert await service.save(desk, cast.lina, revision, another) == renewed + 1
    with pytest.raises(SettingsChangedMeanwhile):
        await service.save(desk, cast.admin, renewed, SOUND)


async def test_a_revision_that_is_not_there_yet_is_nobodys_beginning(
    desk: Desk, cast: Cast
) -> None:
    revision = await saved(desk, cast)
    with pytest.raises(SettingsChangedMeanwhile):
        await service.save(desk, cast.lina, revision + 7, replace(SOUND, language="fr"))


async def test_what_is_not_valid_is_neither_saved_nor_published(desk: Desk, cast: Cast) -> None:
    before = await service.read(desk, cast.lina)
    unknown = replace(SOUND, supervisors=(SupervisorScope("nobody", None, None),), language="xx")
    with pytest.raises(InvalidConfiguration) as refused:
        await service.save(desk, cast.lina, before.revision, unknown)
    fields = [problem.field for problem in refused.value.problems]
    assert fields == ["language", "supervisors.0.username"]
    assert await service.read(desk, cast.lina) == before


async def test_an_earlier_version_is_looked_at_and_restored(desk: Desk, cast: Cast) -> None:
    first = await service.publish(desk, cast.lina, await saved(desk, cast))
    second = await service.publish(
        desk, cast.lina, await saved(desk, cast, replace(SOUND, language="fr"))
    )
    shown = await service.versions(desk, cast.lina)
    assert [one.number for one in shown][:2] == [second, first]
    assert (await service.version(desk, cast.lina, first)).configuration == SOUND
    revision = (await service.read(desk, cast.lina)).revision
    restored = await service.restore(desk, cast.lina, first, revision)
    assert restored == revision + 1
    assert (await service.read(desk, cast.lina)).draft == SOUND
    assert (await service.version(desk, cast.lina, second)).configuration.language == "fr"
    with pytest.raises(NoSuchVersion):
        await service.restore(desk, cast.lina, 999, restored)


async def test_who_did_what_and_when_is_kept(desk: Desk, cast: Cast) -> None:
    revision = await saved(desk, cast)
    number = await service.publish(desk, cast.admin, revision)
    published, save, *_ = await service.history(desk, cast.lina)
    assert (published.deed, published.actor, published.version) == (Deed.PUBLISHED, "Admin", number)
    assert (save.deed, save.actor, save.revision) == (Deed.SAVED, "Lina", revision)
    assert "response" in [change.field for change in save.changes]


@pytest.mark.parametrize("table", ["configuration_version", "configuration_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET revision = 99", "DELETE FROM {}"])
async def test_the_database_itself_refuses_to_change_history(
    desk: Desk, cast: Cast, table: str, statement: str
) -> None:
    await service.publish(desk, cast.lina, await saved(desk, cast))
    with pytest.raises(DBAPIError, match="never changed"):
        async with desk.database.engine.begin() as connection:
            await connection.execute(text(statement.format(table)))
    assert (await service.versions(desk, cast.lina))[0].configuration == SOUND


async def test_a_change_is_announced_after_its_commit(desk: Desk, cast: Cast) -> None:
    heads: list[int] = []

    async def announce(_seq: int) -> None:
        async with desk.database.reading() as session:
            heads.append(await configurations.head(session))

    desk.announce = announce
    revision = await saved(desk, cast)
    await service.publish(desk, cast.lina, revision)
    assert heads == sorted(set(heads))
    assert len(heads) == 2


async def test_response_targets_are_those_of_the_queue(desk: Desk, cast: Cast) -> None:
    await saved(desk, cast, replace(SOUND, targets=ResponseTargets(high=5)))
    for queue, minutes in ((Queue.PREVIEW, 5), (Queue.PUBLISHED, 60)):
        case = await a_case(desk, cast, queue=queue, urgency=Urgency.HIGH)
        assert (case.due_at - case.created_at).total_seconds() == minutes * 60


async def test_nobody_named_is_nobody_seen(desk: Desk, cast: Cast) -> None:
    await saved(desk, cast, replace(SOUND, supervisors=()))
    preview, published = await both(desk)
    assert preview.scope_of("maria") == NOTHING
    assert published.scope_of("maria") == cast.maria.scope_in(Queue.PUBLISHED)
