"""What the environment decides."""

from pathlib import Path

import pytest
import trustme

from escalation_app.settings import Settings, settings


@pytest.fixture(autouse=True)
def _no_model_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_key_or_an_endpoint_there_is_no_model() -> None:
    assert not Settings().has_model


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_BASE_URL"])
def test_a_key_or_an_endpoint_makes_a_model(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, " ")
    assert not Settings().has_model
    monkeypatch.setenv(name, "http://127.0.0.1:11434/v1")
    assert Settings().has_model


def test_the_key_is_shown_in_no_listing_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(Settings())


def test_networks_open_to_webhooks_are_separated_by_commas_or_spaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ESCALATION_WEBHOOK_ALLOWED_NETWORKS", "10.0.0.0/8,fd00::/8  192.0.2.7")
    assert [str(network) for network in Settings().webhook_allowed_networks] == [
        "10.0.0.0/8",
        "fd00::/8",
        "192.0.2.7/32",
    ]


def test_without_a_word_no_network_is_open_and_no_certificate_is_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ESCALATION_WEBHOOK_ALLOWED_NETWORKS", " , ")
    monkeypatch.setenv("ESCALATION_WEBHOOK_CA_FILE", "")
    assert Settings().webhook_allowed_networks == ()
    assert Settings().webhook_ca_file is None


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("intranet", "“intranet” is not a network"),
        ("10.0.0.0/8, 10.0.0.0/33", "“10.0.0.0/33” is not a network"),
        ("10.1.2.3/8", "write 10.0.0.0/8 if that is meant"),
        ("fd00::1/8", "write fd00::/8 if that is meant"),
    ],
)
def test_a_network_that_is_none_stops_the_start_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, written: str, sentence: str
) -> None:
    monkeypatch.setenv("ESCALATION_WEBHOOK_ALLOWED_NETWORKS", written)
    said = why_the_desk_does_not_start()
    assert said.startswith("The desk can't start: ESCALATION_WEBHOOK_ALLOWED_NETWORKS: ")
    assert sentence in said


def test_trusted_proxies_are_networks_or_addresses_and_nobody_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Settings().trusted_proxies == ()
    monkeypatch.setenv("ESCALATION_TRUSTED_PROXIES", "127.0.0.1, fd00::/8")
    assert [str(one) for one in Settings().trusted_proxies] == ["127.0.0.1/32", "fd00::/8"]
    monkeypatch.setenv("ESCALATION_TRUSTED_PROXIES", "caddy")
    assert "ESCALATION_TRUSTED_PROXIES: “caddy” is not a network" in why_the_desk_does_not_start()


def test_a_file_without_certificates_stops_the_start_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    monkeypatch.setenv("ESCALATION_WEBHOOK_CA_FILE", str(file))
    assert f"“{file}” can't be read (No such file or directory)" in why_the_desk_does_not_start()
    file.write_text("no certificate")
    assert f"“{file}” holds no certificates (PEM)" in why_the_desk_does_not_start()


def test_a_file_with_certificates_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    monkeypatch.setenv("ESCALATION_WEBHOOK_CA_FILE", str(file))
    assert Settings().webhook_ca_file == file


def test_what_stops_the_start_never_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATION_SECRET_KEY", "a-secret")
    monkeypatch.setenv("PORT", "sea")
    said = why_the_desk_does_not_start()
    assert said.startswith("The desk can't start: PORT: ")
    assert "a-secret" not in said


def why_the_desk_does_not_start() -> str:
    settings.cache_clear()
    with pytest.raises(SystemExit) as caught:
        settings()
    return str(caught.value)


def test_a_blank_token_for_the_metrics_is_none_and_a_short_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ESCALATION_METRICS_TOKEN", "  ")
    assert Settings().metrics_token is None
    monkeypatch.setenv("ESCALATION_METRICS_TOKEN", "guess me")
    settings.cache_clear()
    with pytest.raises(SystemExit, match=r"METRICS_TOKEN: a token has 16 characters or more") as no:
        settings()
    assert "guess me" not in str(no.value)
    monkeypatch.setenv("ESCALATION_METRICS_TOKEN", "0123456789abcdef")
    assert "0123456789abcdef" not in repr(Settings())
    settings.cache_clear()


def test_the_log_is_json_or_text_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATION_LOG_FORMAT", "json")
    assert Settings().log_format == "json"
    monkeypatch.setenv("ESCALATION_LOG_FORMAT", "xml")
    settings.cache_clear()
    with pytest.raises(SystemExit, match="ESCALATION_LOG_FORMAT"):
        settings()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("demo", "chosen", "may"),
    [("1", None, True), ("0", None, False), ("1", "0", False), ("0", "1", True)],
)
def test_pages_evaluate_text_in_the_demo_or_where_that_is_chosen(
    monkeypatch: pytest.MonkeyPatch, demo: str, chosen: str | None, may: bool
) -> None:
    monkeypatch.setenv("ESCALATION_DEMO", demo)
    monkeypatch.delenv("ESCALATION_PAGE_EVALUATION", raising=False)
    if chosen is not None:
        monkeypatch.setenv("ESCALATION_PAGE_EVALUATION", chosen)
    assert Settings().pages_may_evaluate is may


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("127.0.0.1", "http://127.0.0.1:3000"),
        ("192.0.2.7", "http://192.0.2.7:3000"),
        ("desk.internal", "http://desk.internal:3000"),
        ("fd00::7", "http://[fd00::7]:3000"),
        ("0.0.0.0", "http://127.0.0.1:3000"),
        ("", "http://127.0.0.1:3000"),
        ("::", "http://[::1]:3000"),
    ],
)
def test_the_desk_is_asked_where_it_listens(host: str, asked: str) -> None:
    assert Settings(host=host, port=3000).own_url == asked


def test_a_database_in_memory_is_one_process_s_and_so_is_the_key_that_it_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ESCALATION_SECRET_KEY", raising=False)
    for address in ("sqlite://", "sqlite:///:memory:"):
        alone = Settings(database_url=address)
        assert alone.known_key
        assert alone.known_key == alone.known_key
        assert alone.known_key != Settings(database_url=address).known_key
        assert not alone.has_key
    assert Settings(database_url="sqlite://", secret_key="given").known_key == "given"


@pytest.mark.parametrize(
    ("address", "demo", "lacks_one"),
    [
        ("sqlite://", False, False),
        ("sqlite:///data/desk.db", False, False),
        ("postgresql://desk@host/desk", True, False),
        ("postgresql://desk@host/desk", False, True),
    ],
)
def test_outside_the_demo_a_desk_on_postgresql_has_to_be_given_its_key(
    monkeypatch: pytest.MonkeyPatch, address: str, demo: bool, lacks_one: bool
) -> None:
    monkeypatch.delenv("ESCALATION_SECRET_KEY", raising=False)
    assert Settings(database_url=address, demo=demo).lacks_key is lacks_one
    assert not Settings(database_url=address, demo=demo, secret_key="given").lacks_key


def test_the_demo_s_key_is_kept_beside_its_file_or_with_what_it_keeps_on_postgresql() -> None:
    on_sqlite = Settings(database_url="sqlite:////somewhere/desk.db")
    assert on_sqlite.key_file == Path("/somewhere/secret.key")
    on_postgresql = Settings(database_url="postgresql://desk@host/desk", demo=True)
    assert on_postgresql.key_file == Path(__file__).resolve().parents[1] / "data" / "secret.key"
