"""Whatever people do in whatever order, the timeline is found whole."""

from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from escalation_app.db import escalations as queries
from escalation_app.domain.people import ALL_QUEUES
from escalation_app.domain.vocabulary import Speaker
from escalation_app.services import conversations, summaries
from tests.histories import check_histories
from tests.servers.postgres_server import PostgresServer
from tests.services.attacker import found
from tests.services.test_lifecycle import WORKERS, Lifecycle


class Audited(Lifecycle):
    """All verbs, also those that change nothing but the history."""

    @rule(case_id=Lifecycle.cases, who=WORKERS, said=st.text(min_size=1, max_size=5))
    def say(self, case_id: int, who: str, said: str) -> None:
        conversation = self.run(self._conversation_of(case_id))
        speaker = getattr(self.cast, who)
        self._try(conversations.add_message(self.desk, speaker, conversation, Speaker.USER, said))

    @rule(case_id=Lifecycle.cases, who=WORKERS)
    def summarize(self, case_id: int, who: str) -> None:
        self._try(summaries.extract(self.desk, getattr(self.cast, who), case_id))

    @invariant()
    def the_timeline_is_whole(self) -> None:
        assert self.run(found(self.desk)) == []

    async def _conversation_of(self, case_id: int) -> int:
        async with self.desk.database.reading() as session:
            case = await queries.find(session, ALL_QUEUES, case_id)
        assert case is not None
        return case.conversation_id


def test_any_history_is_whole_on_sqlite(tmp_path: Path) -> None:
    check_histories(Audited, f"sqlite:///{tmp_path / 'desk.db'}")


def test_any_history_is_whole_on_postgresql(postgres: PostgresServer) -> None:
    check_histories(Audited, postgres.new_database())
