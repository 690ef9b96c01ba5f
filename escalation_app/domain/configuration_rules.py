"""What a bundle must be like. All that is wrong is told at once, each beside its field."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise
from urllib.parse import urlsplit

from escalation_app.domain.configuration import (
    Configuration,
    ResponseTargets,
    SupervisorScope,
    Tags,
    Webhook,
    same_name,
)
from escalation_app.domain.configuration_refusals import FieldProblem, too_long
from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.languages import LANGUAGES
from escalation_app.domain.refusals import InvalidInput
from escalation_app.domain.text import NAME_LIMIT, required, storable
from escalation_app.domain.vocabulary import Role, Urgency

DESCRIPTION_LIMIT = 2_000
RESPONSE_LIMIT = 500
URL_LIMIT = 2_000
LONGEST_TARGET_MINUTES = 30 * 24 * 60
MOST_CONDITIONS = 100
MOST_SUPERVISORS = 1_000
MOST_TAGS = 200
MOST_PROBLEMS = 500

Problems = Iterator[FieldProblem]


def problems(configuration: Configuration, roles: Mapping[str, Role]) -> tuple[FieldProblem, ...]:
    """What is wrong; `roles` are those of the people it names, by username.

    All of it, as far as anybody could read it. Of lists that are too long only that is told.
    """
    crowded = tuple(too_many(configuration))
    if crowded:
        return crowded
    everything = chain(
        _response(configuration),
        _language(configuration.language),
        _targets(configuration.targets),
        _tag_list("topics", "topic", configuration.topics),
        _tag_list("areas", "area", configuration.areas),
        _conditions(configuration),
        _supervisors(configuration, roles),
        webhook_problems(configuration.webhook),
    )
    return tuple(islice(everything, MOST_PROBLEMS))


def warnings(configuration: Configuration) -> tuple[FieldProblem, ...]:
    """What is allowed but probably not meant."""
    targets = configuration.targets
    return tuple(
        FieldProblem(
            f"targets.{slower.value}",
            f"Cases of {slower.value} urgency are to be answered sooner than {faster.value} ones.",
        )
        for slower, faster in pairwise(Urgency)
        if 0 < targets.minutes(slower) < targets.minutes(faster)
    )


def too_many(configuration: Configuration) -> Problems:
    """Lists that are longer than a page can show."""
    for field, most in (
        ("topics", MOST_TAGS),
        ("areas", MOST_TAGS),
        ("conditions", MOST_CONDITIONS),
        ("supervisors", MOST_SUPERVISORS),
    ):
        yield from _not_more_than(most, field, getattr(configuration, field))
    for number, supervisor in enumerate(configuration.supervisors):
        for field, tags in (("topics", supervisor.topics), ("areas", supervisor.areas)):
            yield from _not_more_than(MOST_TAGS, f"supervisors.{number}.{field}", tags or ())


def _not_more_than(most: int, field: str, members: Sequence[object]) -> Problems:
    if len(members) > most:
        yield too_long(field, most)


def _response(configuration: Configuration) -> Problems:
    check = required if configuration.enabled else storable
    yield from _text("response", "The response", configuration.response, RESPONSE_LIMIT, check)


def _language(code: str) -> Problems:
    if code not in LANGUAGES:
        yield FieldProblem("language", "Choose one of the languages in the list.")


def _targets(targets: ResponseTargets) -> Problems:
    for urgency in Urgency:
        minutes, field = targets.minutes(urgency), f"targets.{urgency.value}"
        if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes <= 0:
            yield FieldProblem(field, "A response target is at least one minute.")
        elif minutes > LONGEST_TARGET_MINUTES:
            yield FieldProblem(field, "A response target is 30 days at the most.")


def _tag_list(field: str, kind: str, tags: Tags) -> Problems:
    yield from _not_twice(field, f"This {kind} is in the list twice.", tags)
    for number, tag in enumerate(tags):
        yield from _text(f"{field}.{number}", f"The {kind}", tag, NAME_LIMIT)
        if "," in tag:
            # The address bar joins a filter's tags with commas.
            yield FieldProblem(f"{field}.{number}", f"A {kind} can't contain a comma.")
        if same_name(tag) == "all":
            yield FieldProblem(f"{field}.{number}", "“ALL” is kept for all of them.")


def _conditions(configuration: Configuration) -> Problems:
    conditions = configuration.conditions
    labels = tuple(one.label for one in conditions)
    yield from _not_twice("conditions", "Another condition has this label.", labels, ".label")
    for number, condition in enumerate(conditions):
        yield from _condition(f"conditions.{number}", condition, configuration)


def _condition(field: str, condition: TriggerCondition, configuration: Configuration) -> Problems:
    yield from _text(f"{field}.label", "The label", condition.label, NAME_LIMIT)
    yield from _text(
        f"{field}.description", "The description", condition.description, DESCRIPTION_LIMIT
    )
    if not isinstance(condition.urgency, Urgency):
        yield FieldProblem(f"{field}.urgency", "Choose an urgency.")
    if condition.topic not in configuration.topics:
        yield FieldProblem(f"{field}.topic", _not_listed(condition.topic, "a topic"))
    if condition.area not in configuration.areas:
        yield FieldProblem(f"{field}.area", _not_listed(condition.area, "an area"))


def _not_listed(tag: str, kind: str) -> str:
    word = kind.split()[1]
    if tag:
        return f"“{tag}” is not in the list of {word}s; choose another."
    return f"Choose {kind} from the list of {word}s."


def _supervisors(configuration: Configuration, roles: Mapping[str, Role]) -> Problems:
    supervisors = configuration.supervisors
    topics, areas = frozenset(configuration.topics), frozenset(configuration.areas)
    names = tuple(one.username for one in supervisors)
    yield from _not_twice("supervisors", "This person is in the list twice.", names, ".username")
    for number, supervisor in enumerate(supervisors):
        field = f"supervisors.{number}"
        yield from _person(f"{field}.username", supervisor, roles)
        if supervisor.topics == supervisor.areas == ():
            yield FieldProblem(f"{field}.topics", "Choose topics and areas, or ALL of them.")
            continue
        yield from _scope(f"{field}.topics", "topic", supervisor.topics, topics)
        yield from _scope(f"{field}.areas", "area", supervisor.areas, areas)


def _person(field: str, supervisor: SupervisorScope, roles: Mapping[str, Role]) -> Problems:
    role = roles.get(supervisor.username)
    if role is None:
        yield FieldProblem(field, "There is nobody of this name.")
    elif role is not Role.SUPERVISOR:
        yield FieldProblem(field, f"{supervisor.username} is no supervisor but {role.value}.")


def _scope(field: str, kind: str, tags: Tags | None, known: frozenset[str]) -> Problems:
    if tags is None:
        return
    if not tags:
        yield FieldProblem(field, f"Choose at least one {kind}, or ALL.")
    yield from _not_twice(field, f"This {kind} is chosen twice.", tags)
    for number, tag in enumerate(tags):
        if tag not in known:
            yield FieldProblem(f"{field}.{number}", f"“{tag}” is not in the list of {kind}s.")


def webhook_problems(webhook: Webhook) -> Problems:
    """What can be seen of the address alone; where it leads is looked up elsewhere."""
    check = required if webhook.enabled else storable
    wrong = tuple(_text("webhook.url", "The webhook's URL", webhook.url, URL_LIMIT, check))
    yield from wrong
    sentence = "" if wrong or not webhook.url else _wrong_with(webhook.url)
    if sentence:
        yield FieldProblem("webhook.url", sentence)


def _wrong_with(url: str) -> str:
    if any(character.isspace() or not character.isprintable() for character in url):
        return "The webhook's URL contains a space or an invisible character."
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "The webhook's URL can't be read."
    if parts.scheme != "https":
        return "The webhook's URL must begin with https://."
    if not host:
        return "The webhook's URL has no host."
    if parts.username is not None or parts.password is not None:
        return "The webhook's URL must not contain a name or password."
    return ""


def _text(
    field: str, called: str, value: str, limit: int, check: Callable[..., str] = required
) -> Problems:
    try:
        check(value, called, limit=limit)
    except InvalidInput as refusal:
        yield FieldProblem(field, str(refusal))


def _not_twice(field: str, sentence: str, names: Tags, part: str = "") -> Problems:
    seen: set[str] = set()
    for number, name in enumerate(names):
        # An empty name is told by a sentence of its own.
        if same_name(name) and same_name(name) in seen:
            yield FieldProblem(f"{field}.{number}{part}", sentence)
        seen.add(same_name(name))
