"""The model and the webhooks as the desk uses them, against servers that go wrong on demand."""

from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network

import pytest

from escalation_app.integrations.model.language_model import LanguageModel
from escalation_app.integrations.webhooks.sender import HttpxSender, make_sender
from tests.servers.fake_openai import FakeOpenAI
from tests.servers.webhook_receiver import WebhookReceiver

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.fixture
async def model(fake_openai: FakeOpenAI) -> AsyncIterator[LanguageModel]:
    made = LanguageModel(
        base_url=fake_openai.base_url, api_key="key-of-the-desk", model="any", deadline=2
    )
    yield made
    await made.close()


@pytest.fixture(scope="session")
def running_receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(running_receiver: WebhookReceiver) -> WebhookReceiver:
    running_receiver.forget()
    return running_receiver


@pytest.fixture
def sender(receiver: WebhookReceiver) -> HttpxSender:
    return make_sender(LOOPBACK, receiver.ca_file)


@pytest.fixture
def hasty(receiver: WebhookReceiver) -> HttpxSender:
    return HttpxSender(LOOPBACK, receiver.ca_file, 1.5, connect_seconds=1)
