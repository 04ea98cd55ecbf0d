"""A remark stands at its field until the field changes."""

from pathlib import Path

from state.domain.actions import REMARK, Command
from state.engine import Done, Engine
from tests.support import NOW, copy_examples

SUMMARY = "marketing.summary"


def remarked(root: Path) -> list[str]:
    engine = Engine(root, lambda: NOW, "ana")
    return [remark.field for remark in engine.offer("contoso-vault").remarks]


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_remark_stands_until_its_field_changes(tmp_path: Path) -> None:
    root = copy_examples(tmp_path / "offers")
    command = Command(REMARK, "Too long for a list.", fields=(SUMMARY, "skus.vault-solo.image"))
    outcome = Engine(root, lambda: NOW, "maria").perform("contoso-vault", command)
    assert isinstance(outcome, Done)
    assert remarked(root) == [SUMMARY, "skus.vault-solo.image"]
    replace_in(root / "contoso-vault.toml", 'title = "Contoso Vault"', 'title = "The Vault"')
    assert remarked(root) == [SUMMARY, "skus.vault-solo.image"]
    replace_in(root / "contoso-vault.toml", 'summary = "', 'summary = "Now: ')
    assert remarked(root) == ["skus.vault-solo.image"]


def test_a_remark_about_no_field_stands_in_the_history_alone(tmp_path: Path) -> None:
    root = copy_examples(tmp_path / "offers")
    Engine(root, lambda: NOW, "maria").perform("contoso-vault", Command(REMARK, "On Friday."))
    assert remarked(root) == []
