"""Signatures of SAS tokens: in definitions and their kept versions, and shown nowhere."""

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.domain.safe_text import masked
from state.engine import Engine
from state.workspace.field_view import finding_at, typed_fields
from tests.commands.conftest import Run, edit
from tui.app import VitrinaApp
from tui.cli import diff as comparing
from tui.screens.field import FieldScreen
from tui.screens.fields import FieldsScreen
from tui.widgets.text_box import Box

OFFER = "contoso-search"
SIGNATURE = ("qZ7kXw9v" * 6)[:43] + "%3D"
"""A signature of which no part stands anywhere else."""
OTHER = SIGNATURE.replace("qZ7k", "qZ8k")

_LINK = "https://docs.contoso.example/search"
_REAL = re.compile(r"sig=[^\"]*")


def gives_away(text: str) -> bool:
    """Whether a part of a signature stands in a text."""
    return any(part in text for part in ("qZ7k", "qZ8k", "Xw9v"))


@pytest.fixture
def planted(directory: Path, run: Run) -> Path:
    """A directory in which an offer went into production, signatures wherever a person may put them."""
    file = directory / f"{OFFER}.toml"
    file.write_text(_REAL.sub(f"sig={SIGNATURE}", file.read_text()))
    edit(file, f'"{_LINK}"', f'"{_LINK}?sp=r&sig={SIGNATURE}"')
    edit(file, "Coming from another engine?", f"See {_LINK}?sig={SIGNATURE} first.")
    edit(
        directory / "publisher.toml",
        "https://contoso.example",
        f"https://x.example?sig={SIGNATURE}",
    )
    for action in ("certify", "stage", "tested", "request", "approve"):
        assert run(action, OFFER).status == 0, run("show", OFFER).out
    file.write_text(file.read_text().replace(SIGNATURE, OTHER))
    edit(file, "Finds what people meant", f"Find what sig={OTHER} meant")
    words = f"Is {_LINK}?sig={OTHER} right?"
    assert run("remark", OFFER, words, "--field", "marketing.links.0.url").status == 0
    return directory


COMMANDS = [
    *[[name] for name in ("list", "check", "sas", "verify", "trash", "rules")],
    *[[name, OFFER] for name in ("show", "check", "history", "sas", "verify", "report", "wait")],
    ["diff", OFFER], ["diff", OFFER, "--three-way"],
    ["history", OFFER, "--text", "right?"],
    ["revert", OFFER, "--dry-run"],
    ["new", "contoso-copy", "--from", OFFER],
    ["rename", OFFER, "contoso-find"],
    ["discard", OFFER, "--yes"],
    ["stage", OFFER], ["certify", OFFER], ["tested", OFFER], ["request", OFFER], ["cancel", OFFER],
    ["reject", OFFER, "--reason", f"sig={SIGNATURE}"],
    ["sas", OFFER, "--token", f"?sp=rwl&sr=c&sig={SIGNATURE}"],
    ["sas", OFFER, "--token", f"https://a.example/vhds/x.vhd?sp=rl&sig={SIGNATURE}"],
    ["sas", f"?sig={SIGNATURE}"], ["show", f"x?sig={SIGNATURE}"], [f"sig={SIGNATURE}"],
    ["sas", "--tokn", f"sig={SIGNATURE}"],
    ["diff", OFFER, "--from", f"sig={SIGNATURE}"],
    ["remark", OFFER, "about", "--field", f"sig={SIGNATURE}"],
]  # fmt: skip


def test_no_command_shows_a_signature(planted: Path, run: Run) -> None:
    for command in COMMANDS:
        for form in ([], ["--json"]):
            ran = run(*command, *form)
            assert not gives_away(ran.out + ran.err), command
    assert not any(gives_away(each.read_text(errors="replace")) for each in _files_shown(planted))


def _files_shown(root: Path) -> Iterator[Path]:
    """Every file but the definitions and their kept versions."""
    for path in (root / ".vitrina").rglob("*"):
        if path.is_file() and path.parent.name != "blobs" and path.name != "definition.toml":
            yield path


def test_a_patch_is_whole_in_a_pipe_and_masked_on_a_terminal(
    planted: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("diff", OFFER, "--patch", "--json")
    assert OTHER in json.loads(ran.out)["patch"]
    assert "holds the signatures of SAS tokens" in ran.err
    monkeypatch.setattr(comparing, "on_terminal", lambda: True)
    shown = run("diff", OFFER, "--patch")
    assert "sig=***" in shown.out and not gives_away(shown.out + shown.err)
    assert not gives_away(run("diff", OFFER, "--patch", "--json").out)


def test_a_patch_without_a_signature_says_nothing(directory: Path, run: Run) -> None:
    assert run("stage", "contoso-rates").status == 0
    edit(directory / "contoso-rates.toml", 'title = "Contoso Rates"', 'title = "Rates"')
    ran = run("diff", "contoso-rates", "--patch", "--json")
    assert "-title" in ran.json["patch"] and ran.err == ""


BROKEN = {
    "white space in it": ("sig=qZ7kXw9v", "sig=qZ7k Xw9v"),
    "no question mark": (".vhd?", ".vhd"),
    "no question mark, a slash in it": (".vhd?st", f".vhdsig=qZ7k/{SIGNATURE}&st"),
    "quotes around it": ('vhd_url = "', 'vhd_url = "\\"'),
    "encoded twice": ("&sig=", "%26sig%3D"),
    "another type": ("categories = [", f'categories = "sig={SIGNATURE}" #'),
    "an unknown key": ("os_vhd_url", "os_vhd_ulr"),
    "a table": ("[skus.image]", f'[skus.image]\nsip = "?sig={SIGNATURE}"'),
    "no TOML": ("os_vhd_url = ", "os_vhd_url "),
    "no string": ('os_vhd_url = "https', "os_vhd_url = https"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_no_finding_shows_a_signature(directory: Path, run: Run, fault: str) -> None:
    file = directory / f"{OFFER}.toml"
    file.write_text(_REAL.sub(f"sig={SIGNATURE}", file.read_text()))
    run("certify", OFFER)
    edit(file, *BROKEN[fault])
    for command in (["check"], ["show"], ["sas"], ["stage"], ["report"], ["diff"], ["history"]):
        for form in ([], ["--json"]):
            ran = run(*command, OFFER, *form)
            assert not gives_away(ran.out + ran.err), command


def test_a_token_comes_from_the_standard_input(
    directory: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = directory / f"{OFFER}.toml"
    token = re.findall(r"\?(st=[^\"]*)", file.read_text())[0]
    new = _REAL.sub(f"sig={SIGNATURE}", token + '"').rstrip('"')
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"?{new}\n"))
    ran = run("sas", OFFER, "--token", "-")
    assert ran.status == 0 and file.read_text().count(SIGNATURE) == 3
    assert not gives_away(ran.out + ran.err)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("?sp=r&sig=a%2Bb&se=1", "?sp=r&sig=***&se=1"),
        ('x = "?SIG=abc" # sig', 'x = "?SIG=***" # sig'),
        ("s%69g%3Dabc", "s%69g%3D***"),
        ("sig=ab cd/ef==", "sig=***"),
        ("the sig=abc is wrong, and old.", "the sig=*** is wrong, and old."),
        ("sig= and sig=… and sig", "sig= and sig=… and sig"),
    ],
)
def test_what_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown == masked(shown)


SCREENS = ("", "1", "2", "3", "3c", "3ct", "3r", "v", "1f", "2?", "3G\n", "D")


async def test_no_screen_shows_a_signature(planted: Path) -> None:
    app = VitrinaApp(Engine(planted))
    async with app.run_test(size=(140, 48)) as pilot:

        async def check(what: str) -> None:
            await pilot.pause()
            assert not gives_away(app.export_screenshot()), what

        for keys in SCREENS:
            app.screen.query_one("RowList").move_to(OFFER)  # type: ignore[attr-defined]
            for key in keys:
                await pilot.press({"?": "question_mark", "\n": "enter"}.get(key, key))
                await check(keys)
            app.close_offer()
        app.open_offer(OFFER, 1)
        await pilot.pause()
        view = app.views[OFFER]
        for node in typed_fields(view):
            if masked(str(node.value)) != str(node.value):
                app.push_screen(FieldScreen(OFFER, finding_at(view, node.field)))
                await check(str(node.field))
                app.pop_screen()
        app.push_screen(FieldsScreen(OFFER))
        await check("fields")


async def test_an_address_is_replaced_and_never_edited(directory: Path) -> None:
    file = directory / f"{OFFER}.toml"
    before = file.read_bytes()
    app = VitrinaApp(Engine(directory))
    async with app.run_test(size=(120, 40)) as pilot:
        app.open_offer(OFFER, 1)
        await pilot.pause()
        view = app.views[OFFER]
        [node] = [
            each
            for each in typed_fields(view)
            if str(each.field) == "skus.search-one.image.os_vhd_url"
        ]

        async def open_field() -> Box:
            app.push_screen(FieldScreen(OFFER, finding_at(view, node.field)))
            await pilot.pause()
            return app.screen.query_one(Box)

        box = await open_field()
        assert box.text == "" and "sig=***" in app.export_screenshot()
        await pilot.press("enter")
        await pilot.pause()
        assert file.read_bytes() == before and not isinstance(app.screen, FieldScreen)
        box = await open_field()
        box.text = str(node.value).replace("2.3.0", "2.4.0")
        await pilot.press("enter")
        await pilot.pause()
        assert file.read_text().count("contoso-search-one-2.4.0.vhd?") == 1
