"""The working directory: whatever lies in it, every offer is listed and nothing hangs."""

import errno
import os
import socket
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.findings import Finding, Refusal
from state.engine import Engine
from state.storage.working_directory import FORMAT
from state.workspace.offer_view import OfferView
from tests.directories import engine_on, write_examples, write_tree

GOOD = 'type = "data-service"\nmarketing.title = "Good"\n'


def view_of(root: Path, offer: str) -> OfferView:
    """An offer of a directory that has a good one too, which must not suffer."""
    (root / "good.toml").write_text(GOOD)
    views = {view.offer: view for view in engine_on(root).offers()}
    assert views["good"].title == "Good" and views["good"].definition.offer is not None
    return views[offer]


def the_finding(root: Path, offer: str) -> Finding:
    """The one finding of an offer that cannot be read."""
    view = view_of(root, offer)
    (finding,) = [each for step in view.located_steps for each in step.findings]
    assert view.content is None and view.steps_complete == 0
    assert finding.step == 3
    return finding


BAD: list[tuple[str, bytes, str, tuple[int, int], str]] = [
    ("two marks", b"\xef\xbb\xbf" * 2 + b"type = 'x'", "second byte order mark", (1, 1),
     "file.syntax"),
    ("Latin-1", b"type = 'x'\ntitle = 'caf\xe9'", "not UTF-8", (2, 13), "file.syntax"),
    ("UTF-16", "type = 'x'".encode("utf-16"), "UTF-16", (1, 1), "file.syntax"),
    ("no end", b"type = 'x'\ncategories = [\n", "never closed", (2, 14), "file.syntax"),
    ("a second key", b"type = 'x'\ntype = 'y'", "already set in line 1", (2, 1), "file.syntax"),
    ("binary", b"\x00\x01\x02", "control character U+0000", (1, 1), "file.syntax"),
    ("brackets", b"a = " + b"[" * 10_000, "at most 100 levels. Remove", (1, 1), "file.syntax"),
    ("tables", b"a = " + b"{a=" * 10_000, "nested too deeply", (1, 1), "file.syntax"),
    ("dots", b"type = 'x'\na" + b".a" * 2000 + b" = 1", "nested too deeply", (1, 1),
     "file.syntax"),
    ("digits", b"type = 'x'\na = " + b"9" * 5000, "number is too long", (2, 5), "file.syntax"),
    ("hex", b"type = 'x'\na = 0x" + b"f" * 5000, "number is too long", (2, 7), "file.syntax"),
    ("exponent", b"type = 'x'\na = 1e99999999999999999999", "number is too long", (2, 6),
     "file.syntax"),
    ("escape", b"type = 'x'\n\x1b[2J = 1", "control character U+001B", (2, 1), "file.syntax"),
    ("bare return", b"type = 'x'\ra = 1", "carriage return", (1, 11), "file.syntax"),
    ("unknown type", b"marketing = 5\ntype = 'machine'", "machine", (2, 0), "file.type"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "part", "place", "rule"), BAD, ids=[each[0] for each in BAD]
)
def test_a_file_that_cannot_be_read_is_listed_with_its_error(
    tmp_path: Path, name: str, raw: bytes, part: str, place: tuple[int, int], rule: str
) -> None:
    (tmp_path / "bad.toml").write_bytes(raw)
    finding = the_finding(tmp_path, "bad")
    assert finding.rule == rule and part in finding.message
    assert (finding.line, finding.column or 0) == place
    assert finding.message.isprintable() and len(finding.message) < 200
    assert view_of(tmp_path, "bad").next.text


NASTY = [
    'type = "developer-service"\n[[plans]]\nprice.base' + ".a" * 90 + " = 1",
    'type = "developer-service"\n[[plans]]\nprice.base = 1e99999999',
    'type = "developer-service"\n[[plans]]\nprice.base = [' + "9" * 1000 + "]",
    'type = "developer-service"\n[[plans]]\nprice.meters = { m = 1e-99999999, n = -inf, o = nan }',
    'type = "virtual-machine"\n[[skus]]\nimage.open_ports = [' + "9" * 1000 + ", -1, 0]",
    'type = "virtual-machine"\n[[skus]]\nimage.data_disks = [{lun = -' + "9" * 1000 + "}]",
    'type = "virtual-machine"\n[[skus]]\nimage.version = "' + "9" * 10_000 + '.0.0"',
    'type = "virtual-machine"\n[[skus]]\nimage.os_vhd_url = "https://[::1/x.vhd?st=9999-99-99"',
    'type = "virtual-machine"\n[[skus]]\nprices.US.cores = { "' + "9" * 5000 + '" = 1 }',
    'type = "data-service"\n[[plans]]\ntransactions = ' + "9" * 1000,
    'type = "data-service"\nmarketing.description = "' + "<p>" * 5000 + '"',
    'type = "data-service"\nmarketing.logos.small = "' + "../" * 3000 + 'x"',
    'type = "data-service"\nmarketing.logos.small = "a\\u0000b"',
    'type = "solution-template"\n[[topologies]]\npackage = "bad.toml"',
    'type = "data-service"\n' + "".join(f"key{number} = 1\n" for number in range(500)),
]


@pytest.mark.parametrize("text", NASTY)
def test_values_of_any_size_are_judged(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    view = view_of(tmp_path, "bad")
    assert view.content is not None and view.to_fix
    for step in view.located_steps:
        for finding in step.findings:
            assert finding.message.isprintable()
            assert finding.line or finding.file == "publisher.toml"


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert "not a plain file" in the_finding(tmp_path, "pipe").message


def test_a_socket_and_a_device_are_no_offers(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(tmp_path)
        listening.bind("socket.toml")
        os.chdir(before)
        (tmp_path / "zero.toml").symlink_to("/dev/zero")
        assert the_finding(tmp_path, "socket").rule == "file.syntax"
        assert "not a plain file" in the_finding(tmp_path, "zero").message


def test_what_is_no_offer_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    for name in (".hidden.toml", "pyproject.toml", "notes.txt", "x.toml.bak", "publisher.toml"):
        (tmp_path / name).write_text("")
    assert engine_on(tmp_path).offers() == []


@pytest.mark.parametrize("target", ["nowhere.toml.txt", "loop.toml"])
def test_links_that_lead_nowhere(tmp_path: Path, target: str) -> None:
    (tmp_path / "loop.toml").symlink_to(target)
    assert the_finding(tmp_path, "loop").rule == "file.syntax"


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text(GOOD)
    (tmp_path / "link.toml").symlink_to("real.txt")
    assert view_of(tmp_path, "link").title == "Good"


def test_a_file_that_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    opening = os.open

    def forbidden(path: object, *rest: object, **named: object) -> int:
        if str(path).endswith("mine.toml"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opening(path, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", forbidden)
    assert "may not be read by this account" in the_finding(tmp_path, "mine").message


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.toml").open("wb") as file:
        file.truncate(1 << 40)
    assert "Expected at most 16.8 MB" in the_finding(tmp_path, "huge").message


def test_an_empty_file_is_no_offer_but_listed(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("")
    view = view_of(tmp_path, "empty")
    assert view.status is None and view.next.text == "not an offer"
    (finding,) = view.findings
    assert not finding.is_error and finding.rule == "file.type"
    assert not any(step.complete for step in view.steps)
    assert all(view.actions.values())


def test_an_offer_that_loses_its_type_stays_an_offer(tmp_path: Path) -> None:
    engine = write_examples(tmp_path)
    assert not isinstance(engine.perform("contoso-rates", Command("stage")), Refusal)
    (tmp_path / "contoso-rates.toml").write_text('title = "x"\n')
    view = engine.offer("contoso-rates")
    assert view.status is not None and view.errors[0].rule == "file.type"
    assert not isinstance(engine.perform("contoso-rates", Command("cancel")), Refusal)


ODD_NAMES = [
    "with space", "UPPER", "ñandú", "語", "-dash", "a.b", "[bold]", "line\nend", "\x1b[2J",
    "x" * 240, "quote'\"", "$HOME", "*", "%s", "ü" * 60,
]  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_with_odd_characters(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.toml").write_text(GOOD)
    view = view_of(tmp_path, name)
    assert view.offer == name
    assert "offer.identifier" in {finding.rule for finding in view.errors}
    assert all(finding.message.isprintable() for finding in view.findings)
    engine = engine_on(tmp_path)
    assert not isinstance(engine.perform(name, Command("remark", "hello")), Refusal)
    assert not isinstance(engine.discard([name]), Refusal)
    assert not (tmp_path / f"{name}.toml").exists()
    assert not isinstance(engine.restore(name), Refusal)
    assert (tmp_path / f"{name}.toml").read_text() == GOOD
    assert len(engine.offer(name).events) == 4


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    (tmp_path / f"{name}.toml").write_text(GOOD)
    engine = engine_on(tmp_path)
    assert [view.offer for view in engine.offers()] == [name]
    assert not isinstance(engine.perform(name, Command("remark", "hello")), Refusal)
    assert len(engine_on(tmp_path).offer(name).events) == 2


# The directory itself -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["missing", "file", "name\n\x1b[2J"])
def test_a_directory_that_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as error:
        Engine(tmp_path / name)
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    "said", [str(FORMAT + 1), "99999", "9" * 5000, "one", "-1", "²", "", "\x1b", "1.5"]
)
def test_a_format_that_is_newer_or_unknown_is_refused(tmp_path: Path, said: str) -> None:
    (tmp_path / ".vitrina").mkdir()
    (tmp_path / ".vitrina" / "format").write_text(said)
    with pytest.raises(StorageError) as error:
        Engine(tmp_path)
    assert str(error.value).isprintable()
    assert ("Update vitrina." in str(error.value)) == (said in ("2", "99999"))


def test_a_format_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".vitrina").mkdir()
    os.mkfifo(tmp_path / ".vitrina" / "format")
    with pytest.raises(StorageError, match="format"):
        Engine(tmp_path)


def test_the_format_is_written_with_the_first_action(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"good.toml": GOOD})
    engine.offers()
    assert not (tmp_path / ".vitrina").exists()
    engine.perform("good", Command("remark", "hello"))
    assert (tmp_path / ".vitrina" / "format").read_text() == f"{FORMAT}\n"
    engine_on(tmp_path)


def test_an_older_format_is_brought_up_to_date_by_the_first_action(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"good.toml": GOOD})
    (tmp_path / ".vitrina").mkdir()
    (tmp_path / ".vitrina" / "format").write_text("0\n")
    engine.offers()
    assert (tmp_path / ".vitrina" / "format").read_text() == "0\n"
    engine.perform("good", Command("remark", "hello"))
    assert (tmp_path / ".vitrina" / "format").read_text() == f"{FORMAT}\n"


def test_a_file_of_too_many_parts_is_not_taken_apart(tmp_path: Path) -> None:
    (tmp_path / "many.toml").write_bytes(b"a = [" + b"1," * 500_000 + b"]\n")
    assert "more than 500,000 lines and values" in the_finding(tmp_path, "many").message
