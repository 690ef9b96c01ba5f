"""The model's three verbs. Each ends within the deadline, with an answer or a failure by name."""

import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager

from escalation_app.domain.detection import Detection, JudgeFailed, TriggerCondition, Utterance
from escalation_app.domain.model_failures import ModelFailed
from escalation_app.domain.summary import SummarySentence
from escalation_app.integrations.model import judge, reply, summary
from escalation_app.integrations.model.client import ModelClient

log = logging.getLogger(__name__)

PUBLIC_ENDPOINT = "https://api.openai.com/v1"
USUAL_MODEL = "gpt-4o-mini"
DEADLINE_SECONDS = 30.0
CONNECT_SECONDS = 3.0


class LanguageModel:
    """A Judge, a Replier and a Summarizer. Make it where an event loop runs, and close it."""

    def __init__(
        self,
        *,
        base_url: str = "",
        api_key: str = "",
        model: str = "",
        deadline: float = DEADLINE_SECONDS,
        connect: float = CONNECT_SECONDS,
    ) -> None:
        self._client = ModelClient(
            base_url=base_url.strip() or PUBLIC_ENDPOINT,
            api_key=api_key,
            model=model.strip() or USUAL_MODEL,
            deadline=deadline,
            connect=min(connect, deadline),
        )

    async def close(self) -> None:
        await self._client.close()

    async def judge(
        self,
        conversation: Sequence[Utterance],
        conditions: Sequence[TriggerCondition],
        topics: Sequence[str],
        areas: Sequence[str],
    ) -> Detection | None:
        """See `Judge`."""
        if not conversation or not conditions:
            return None
        try:
            with _logged("judge"):
                answer = await self._client.answer(
                    judge.prompt(conversation, conditions, topics, areas),
                    judge.schema(conditions, topics, areas),
                )
                return judge.read(answer, conditions, topics, areas)
        except ModelFailed as failure:
            raise JudgeFailed(str(failure), failure.kind) from failure

    async def reply(self, conversation: Sequence[Utterance]) -> str:
        """See `Replier`."""
        with _logged("reply"):
            return reply.read(await self._client.answer(reply.prompt(conversation)))

    async def summarize(
        self, conversation: Sequence[Utterance], language: str, code: str = ""
    ) -> AsyncGenerator[SummarySentence, None]:
        """See `Summarizer`."""
        texts = self._client.stream(summary.prompt(conversation, language))
        with _logged("summarize"):
            async with aclosing(texts), aclosing(summary.sentences(texts, code)) as sentences:
                async for sentence in sentences:
                    yield sentence


@contextmanager
def _logged(verb: str) -> Iterator[None]:
    """Why, and never what was said: sentences of ModelFailed hold no text of others."""
    try:
        yield
    except ModelFailed as failure:
        log.warning("the model could not %s (%s): %s", verb, failure.kind.value, failure)
        raise
