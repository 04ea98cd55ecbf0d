"""Files that several definitions name: they stay for as long as somebody needs them."""

import errno
import os
from pathlib import Path

import pytest

from state.engine import Done
from tests.directories import discard, files_in, restore, write_tree
from tests.test_trash import PICTURE, definition


def test_a_file_that_another_draft_names_stays_where_it_is(tmp_path: Path) -> None:
    files = {"a.toml": definition("x.png", "y.png"), "b.toml": definition("./x.png")}
    engine = write_tree(tmp_path, {**files, "x.png": PICTURE, "y.png": b"y"})
    discard(engine, "a")
    assert set(files_in(tmp_path)) == {"b.toml", "x.png"}
    discard(engine, "b")
    assert files_in(tmp_path) == {}
    restore(engine, "a")
    assert set(files_in(tmp_path)) == {"a.toml", "x.png", "y.png"}


@pytest.mark.parametrize(
    ("text", "staying"),
    [
        ("wrong = [", []),
        ("small = ./logos/x.png\nwrong = [", ["logos/x.png"]),
        ('type = "what"\nsample_images = ["y.png", "logos/y.png"]', ["y.png"]),
        ("\ufeffsmall = 'logos/x.png' and a caf\u00e9", ["logos/x.png"]),
        ("other = 'elsewhere/x.png'\nwrong = [", []),
        ("small = 'logos/my picture.png'\nwrong = [", ["logos/my picture.png"]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_draft_that_cannot_be_read_keeps_the_files_that_its_text_names(
    tmp_path: Path, text: str, staying: list[str], encoding: str
) -> None:
    pictures = dict.fromkeys(("logos/x.png", "y.png", "logos/my picture.png"), PICTURE)
    files = {"a.toml": definition(*pictures), "b.toml": text.encode(encoding)}
    engine = write_tree(tmp_path, {**files, **pictures})
    done = engine.discard(["a"])
    assert isinstance(done, Done)
    assert set(files_in(tmp_path)) == {"b.toml", *staying}
    assert [*done.notes] == [f"{path} stays in place: possibly also used by b." for path in staying]
    restore(engine, "a")
    assert files_in(tmp_path) == {**files, **pictures}


def test_what_stays_is_told_with_those_who_need_it(tmp_path: Path) -> None:
    files = {name: definition("x.png") for name in ("a.toml", "b.toml", "c.toml", "d.toml")}
    engine = write_tree(tmp_path, {**files, "x.png": PICTURE})
    done = engine.discard(["a", "b"])
    assert isinstance(done, Done)
    assert done.notes == ("x.png stays in place: also used by c, d.",)
    done = engine.discard(["c"])
    assert isinstance(done, Done) and done.notes == ("x.png stays in place: also used by d.",)


def test_a_draft_that_nobody_may_read_may_name_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition("x.png"), "b.toml": b"", "x.png": PICTURE})
    opening = os.open

    def forbidden(path: object, *rest: object, **named: object) -> int:
        if str(path).endswith("b.toml"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opening(path, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", forbidden)
    discard(engine, "a")
    assert "x.png" in files_in(tmp_path)
