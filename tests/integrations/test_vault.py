import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from escalation_app.domain.configuration_refusals import SecretKeyMissing, SecretUnreadable
from escalation_app.integrations.sealer import make_sealer
from escalation_app.integrations.vault import FernetVault, make_vault


def test_what_was_sealed_is_opened_with_the_same_key_only() -> None:
    sealed = FernetVault("one key").seal("a secret")
    assert "a secret" not in sealed
    assert FernetVault("one key").open(sealed) == "a secret"
    for vault, text in ((FernetVault("another"), sealed), (FernetVault("one key"), "nonsense")):
        with pytest.raises(SecretUnreadable):
            vault.open(text)


def test_a_demo_keeps_its_key_for_the_next_start_and_for_its_user_alone(tmp_path: Path) -> None:
    key_file = tmp_path / "data" / "secret.key"
    sealed = make_vault(None, key_file).seal("a secret")
    assert make_vault(None, key_file).open(sealed) == "a secret"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    key_file = tmp_path / "secret.key"
    with ThreadPoolExecutor(8) as together:
        vaults = list(together.map(lambda _: make_vault(None, key_file), range(8)))
    sealed = vaults[0].seal("a secret")
    assert {vault.open(sealed) for vault in vaults} == {"a secret"}


def test_a_given_key_leaves_no_file(tmp_path: Path) -> None:
    make_vault("given", tmp_path / "secret.key")
    assert list(tmp_path.iterdir()) == []


def test_where_it_can_t_be_kept_a_key_lasts_for_the_process(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    vault = make_vault(None, tmp_path / "file" / "secret.key")
    assert vault.open(vault.seal("a secret")) == "a secret"


@pytest.mark.parametrize("make", [make_vault, make_sealer])
def test_nothing_is_sealed_with_a_key_that_no_other_process_has(
    make: Callable[[str | None, Path | None], object],
) -> None:
    with pytest.raises(SecretKeyMissing, match="please set ESCALATION_SECRET_KEY"):
        make(None, None)
