from pathlib import Path

from escalation_app.integrations.sealer import HmacSealer, make_sealer
from escalation_app.integrations.vault import make_vault


def test_a_seal_is_the_same_with_the_same_key_and_text_only() -> None:
    seal = HmacSealer("one key").seal("said")
    assert len(seal) == 64
    assert seal == HmacSealer("one key").seal("said")
    assert seal != HmacSealer("one key").seal("sad")
    assert seal != HmacSealer("another key").seal("said")


def test_a_demo_seals_with_the_key_that_it_keeps_for_its_secrets(tmp_path: Path) -> None:
    key_file = tmp_path / "secret.key"
    seal = make_sealer(None, key_file).seal("said")
    kept = key_file.read_text()
    assert make_sealer(None, key_file).seal("said") == HmacSealer(kept).seal("said") == seal
    make_vault(None, key_file)
    assert key_file.read_text() == kept
