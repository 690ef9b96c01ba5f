"""The model as the desk uses it, only less patient, against a server that goes wrong on demand."""

from collections.abc import AsyncIterator, Iterator

import pytest

from escalation_app.integrations.model.language_model import LanguageModel
from tests.servers.fake_openai import FakeOpenAI


@pytest.fixture(scope="session")
def fake_openai_process() -> Iterator[FakeOpenAI]:
    server = FakeOpenAI()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fake_openai(fake_openai_process: FakeOpenAI) -> FakeOpenAI:
    fake_openai_process.suffer("fine")
    return fake_openai_process


@pytest.fixture
async def model(fake_openai: FakeOpenAI) -> AsyncIterator[LanguageModel]:
    made = LanguageModel(
        base_url=fake_openai.base_url, api_key="key-of-the-desk", model="any", deadline=2
    )
    yield made
    await made.close()
