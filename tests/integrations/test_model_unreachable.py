"""Where nobody answers at all, the model says so, soon."""

import socket
from contextlib import ExitStack

import pytest

from escalation_app.domain.model_failures import ModelFailed, ModelFailure
from escalation_app.integrations.model.language_model import LanguageModel
from tests.integrations.angry_conversation import DEWI
from tests.servers.fake_openai import FakeOpenAI
from tests.servers.ports import free_port


async def kind_of_failure(base_url: str, api_key: str = "") -> ModelFailure:
    model = LanguageModel(base_url=base_url, api_key=api_key, deadline=5, connect=0.5)
    try:
        with pytest.raises(ModelFailed) as caught:
            await model.reply(DEWI)
    finally:
        await model.close()
    return caught.value.kind


async def test_a_refused_connection_is_unreachable() -> None:
    assert await kind_of_failure(f"http://127.0.0.1:{free_port()}/v1") is ModelFailure.UNREACHABLE


@pytest.mark.parametrize(
    "address",
    [
        "http://nowhere.invalid/v1",
        "ftp://127.0.0.1/v1",
        "127.0.0.1/v1",
        "http://[half",
        "http://",
        "http://127.0.0.1:99999/v1",
    ],
)
async def test_an_address_that_leads_nowhere_is_unreachable(address: str) -> None:
    assert await kind_of_failure(address) is ModelFailure.UNREACHABLE


async def test_a_server_that_takes_no_connection_is_unreachable() -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        port = listener.getsockname()[1]
        assert await kind_of_failure(f"http://127.0.0.1:{port}/v1") is ModelFailure.UNREACHABLE


async def test_a_key_that_can_not_be_sent_harms_nothing(fake_openai: FakeOpenAI) -> None:
    kind = await kind_of_failure(fake_openai.base_url, api_key="two\nlines")
    assert kind is ModelFailure.UNREACHABLE
    assert fake_openai.requests() == []


async def test_a_proxy_of_the_environment_never_sees_the_key(
    fake_openai: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    model = LanguageModel(base_url=fake_openai.base_url, api_key="key", deadline=5)
    assert await model.reply(DEWI)
    await model.close()
