"""How a queue escalates: one bundle, saved whole and published whole."""

from dataclasses import dataclass, replace
from datetime import timedelta

from escalation_app.domain.detection import TriggerCondition
from escalation_app.domain.languages import DEFAULT_LANGUAGE
from escalation_app.domain.people import NOTHING, Scope
from escalation_app.domain.visibility import as_read
from escalation_app.domain.vocabulary import Queue, Urgency

Tags = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResponseTargets:
    """Minutes until a case that is not completed is overdue."""

    critical: int = 15
    high: int = 60
    medium: int = 240
    low: int = 1_440

    def minutes(self, urgency: Urgency) -> int:
        match urgency:
            case Urgency.CRITICAL:
                return self.critical
            case Urgency.HIGH:
                return self.high
            case Urgency.MEDIUM:
                return self.medium
            case Urgency.LOW:
                return self.low

    def of(self, urgency: Urgency) -> timedelta:
        return timedelta(minutes=self.minutes(urgency))


@dataclass(frozen=True, slots=True)
class SupervisorScope:
    """What one supervisor may see of a queue; `None` is ALL, and is never a default."""

    username: str
    topics: Tags | None
    areas: Tags | None

    @property
    def scope(self) -> Scope:
        return Scope(
            topics=None if self.topics is None else frozenset(self.topics),
            areas=None if self.areas is None else frozenset(self.areas),
        )


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where events are delivered. The secret is no part of the bundle: it is kept beside it, sealed."""

    enabled: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The whole bundle. The default is what holds before anybody has configured anything."""

    enabled: bool = False
    conditions: tuple[TriggerCondition, ...] = ()
    response: str = ""
    language: str = DEFAULT_LANGUAGE
    targets: ResponseTargets = ResponseTargets()
    supervisors: tuple[SupervisorScope, ...] = ()
    topics: Tags = ()
    areas: Tags = ()
    webhook: Webhook = Webhook()

    def scope_of(self, username: str) -> Scope:
        """What this supervisor may see. Who is not in the bundle sees nothing."""
        for supervisor in self.supervisors:
            if supervisor.username == username:
                return supervisor.scope
        return NOTHING

    def covers(self, topic: str, area: str) -> bool:
        """Whether at least one supervisor sees cases of this topic and area."""
        return any(supervisor.scope.covers(topic, area) for supervisor in self.supervisors)

    def why_quiet(self, queue: Queue) -> str:
        """Why nothing that is said opens a case in the queue that runs on it, "" when it can."""
        if not self.enabled:
            return f"Escalation is switched off in the {queue.value} settings."
        if not self.conditions:
            return f"The {queue.value} settings have no trigger condition."
        return ""

    def granting(self, username: str, scope: Scope) -> "Configuration":
        """The bundle with this supervisor's scope in it, and the scope's tags in the lists."""
        topics = with_tags(self.topics, scope.topics or ())
        areas = with_tags(self.areas, scope.areas or ())
        granted = SupervisorScope(
            username, _as_listed(scope.topics, topics), _as_listed(scope.areas, areas)
        )
        others = (one for one in self.supervisors if one.username != username)
        bundle = replace(self, supervisors=(*others, granted), topics=topics, areas=areas)
        return bundle.tidied()

    def tidied(self) -> "Configuration":
        """The same bundle without stray white space, with people and tags in alphabetical order."""
        return replace(
            self,
            conditions=tuple(_tidied_condition(one) for one in self.conditions),
            response=_trimmed(self.response),
            supervisors=tuple(
                sorted(
                    (_tidied_supervisor(one) for one in self.supervisors),
                    key=lambda one: str(one.username),
                )
            ),
            topics=_tidied_tags(self.topics),
            areas=_tidied_tags(self.areas),
            webhook=replace(self.webhook, url=_trimmed(self.webhook.url)),
        )


def same_name(name: object) -> str:
    """What two names have in common that people would read as one."""
    return as_read(str(name))


def with_tags(tags: Tags, more: frozenset[str] | Tags) -> Tags:
    """The list with those tags added that it doesn't have yet."""
    known = {same_name(tag) for tag in tags}
    return (*tags, *(tag for tag in sorted(more) if same_name(tag) not in known))


def _as_listed(tags: frozenset[str] | None, known: Tags) -> Tags | None:
    """The tags as the list spells them."""
    if tags is None:
        return None
    named = {same_name(tag) for tag in tags}
    return tuple(tag for tag in known if same_name(tag) in named)


def _trimmed(text: str) -> str:
    # What is not text stays as it is, for the validation to name.
    return text.strip() if isinstance(text, str) else text


def _tidied_tags(tags: Tags) -> Tags:
    return tuple(sorted((_trimmed(tag) for tag in tags), key=lambda tag: (same_name(tag), tag)))


def _tidied_condition(condition: TriggerCondition) -> TriggerCondition:
    return replace(
        condition,
        label=_trimmed(condition.label),
        description=_trimmed(condition.description),
        topic=_trimmed(condition.topic),
        area=_trimmed(condition.area),
    )


def _tidied_supervisor(supervisor: SupervisorScope) -> SupervisorScope:
    return replace(
        supervisor,
        username=_trimmed(supervisor.username).casefold(),
        topics=None if supervisor.topics is None else _tidied_tags(supervisor.topics),
        areas=None if supervisor.areas is None else _tidied_tags(supervisor.areas),
    )
