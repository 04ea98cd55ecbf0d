"""What of the disk is watched: no more than can change a screen."""

from pathlib import Path

from state.engine import Engine
from tests.support import copy_examples
from tui.terminal.watch import folders


def watched(root: Path) -> set[str]:
    """The folders that are watched, from the working directory."""
    engine = Engine(root)
    found = folders(root, engine.histories, engine.offers())
    return {str(each.relative_to(root)) for each in found}


def test_folders_that_offers_name_are_watched_and_no_others(tmp_path: Path) -> None:
    root = copy_examples(tmp_path / "offers")
    (root / "node_modules" / "deep").mkdir(parents=True)
    found = watched(root)
    assert {".", "legal", "logos/contoso-db"} <= found
    assert not any("node_modules" in each for each in found)


def test_a_folder_is_awaited_where_it_would_come_to_be(tmp_path: Path) -> None:
    root = copy_examples(tmp_path / "offers")
    offer = root / "contoso-db.toml"
    offer.write_text(offer.read_text().replace("logos/contoso-db/", "logos/later/still/"))
    assert "logos" in watched(root)
    (root / "logos" / "later").mkdir()
    assert "logos/later" in watched(root)


def test_nothing_outside_of_the_directory_is_watched(tmp_path: Path) -> None:
    root = copy_examples(tmp_path / "offers")
    (root / "out").symlink_to(tmp_path)
    offer = root / "contoso-db.toml"
    text = offer.read_text().replace("logos/contoso-db/small", "../small")
    offer.write_text(text.replace("logos/contoso-db/wide", "out/wide").replace("legal/", "/etc/"))
    assert watched(root) <= {".", *watched(copy_examples(tmp_path / "others"))}
