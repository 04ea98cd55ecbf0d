"""publisher.toml: what cannot be read stops everything, and no slip in it widens anybody's rights."""

import os
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.findings import Refusal
from state.domain.stages import FINAL_REVIEW
from tests.directories import write_examples, write_tree
from tests.support import NOW

GOOD = 'type = "data-service"\nmarketing.title = "Good"\n'


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        (b"namespace = [", "line 1, column 14"),
        (b"\xff", "line 1, column 1"),
        (b"a = 1e99999999999999999999", "too long"),
    ],
)
def test_a_publisher_file_that_cannot_be_read_stops_everything(
    tmp_path: Path, raw: bytes, part: str
) -> None:
    engine = write_tree(tmp_path, {"good.toml": GOOD, "publisher.toml": raw})
    with pytest.raises(StorageError, match=part):
        engine.offers()


@pytest.mark.parametrize("kind", ["pipe", "directory", "dangling"])
def test_a_publisher_file_that_is_none_stops_everything(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "publisher.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    with pytest.raises(StorageError, match=r"publisher\.toml"):
        write_tree(tmp_path, {"good.toml": GOOD}).offers()


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("azure_certified = true", 'azure_certified = "true"', 1),
        ("azure_certified = true", "azure_certifed = true", 1),
        ("[approval]", "[aproval]", 1),
        ("solution_templates = false", "solution_templats = false", 2),
        ("namespace =", "namespcae =", 2),
    ],
)
def test_a_slip_keeps_the_step_from_completing_that_it_is_about(
    tmp_path: Path, old: str, new: str, step: int
) -> None:
    engine = write_examples(tmp_path, publisher=[(old, new)])
    for offer, own in (("contoso-vault", step), ("contoso-rates", 2)):
        view = engine.offer(offer)
        assert [each.step for each in view.to_fix] == [own]
        assert [each.complete for each in view.steps[:2]] == [own != 1, own != 2]


SLIPS_IN_ROLES = [
    "roles = 5",
    "roles = []",
    "[role]\npublishers = ['ana']",
    "[Roles]\npublishers = ['ana']",
    "[rolls]\npublishers = ['ben']",
    "[[roles]]\npublishers = ['ana']",
    "publishers = ['ana']",
    "approvers = ['ana']",
    "[approval]\nroles = { publishers = ['ana'] }",
    "[approval.roles]\npublishers = ['ana']",
    "[marketplace]\npublishers = ['ana']",
    "[roles]\npublisher = ['ana']",
    "[roles]\npublishers = 'ana'",
    "[roles]\npublishers = [5]",
    "[roles]\npublishers = [['ana']]",
    "[roles]",
    "roles.Publishers = ['ana']",
]


@pytest.mark.parametrize("text", SLIPS_IN_ROLES)
def test_a_slip_in_roles_never_widens_rights(tmp_path: Path, text: str) -> None:
    engine = write_tree(tmp_path, {"good.toml": GOOD, "publisher.toml": text})
    for command in ("stage", "request", "approve", "discard", "edit"):
        rules = {reason.rule for reason in engine.offer("good").actions[command]}
        assert rules & {"role.publisher", "role.approver"}, command
    if text != "[roles]":
        told = {each.rule for each in engine.offer("good").findings if each.step == 2}
        assert told & {"file.key", "file.type"}


@pytest.mark.parametrize("text", ["four_eye = false", "four_eyes = 'false'", "four_eyes = 0"])
def test_a_slip_in_four_eyes_leaves_them_wanted(tmp_path: Path, text: str) -> None:
    engine = write_tree(tmp_path, {"good.toml": GOOD, "publisher.toml": f"[approval]\n{text}"})
    assert engine.publisher is not None and engine.publisher.approval.four_eyes


SLIPS = [
    ('backend = "azure"', "marketplace.backend", "marketplace.backend", 2),
    ("backend = 5", "marketplace.backend", "file.type", 2),
    ("rehearsal.certification = -1", "marketplace.rehearsal.certification", "file.type", 2),
    ('rehearsal.final_review = "never"', "marketplace.rehearsal.final_review", "file.type", 2),
    ('rehearsal.fail = [\n"staging"]', "marketplace.rehearsal.fail.0", "file.type", 3),
    ("rehearsal.replicaton = 5", "marketplace.rehearsal.replicaton", "file.key", 2),
    ("rehearsal.replication = '5'", "marketplace.rehearsal.replication", "file.type", 2),
]


@pytest.mark.parametrize(("text", "field", "rule", "line"), SLIPS)
def test_slips_in_the_marketplaces_settings_are_told(
    tmp_path: Path, text: str, field: str, rule: str, line: int
) -> None:
    engine = write_tree(tmp_path, {"good.toml": GOOD, "publisher.toml": f"[marketplace]\n{text}\n"})
    steps = engine.offer("good").located_steps
    found = [each for each in steps[1].findings if "marketplace" in str(each.field)]
    assert [(str(each.field), each.rule, each.step, each.file, each.line) for each in found] == [
        (field, rule, 2, "publisher.toml", line)
    ]
    assert engine.offer("good").stage_seconds[FINAL_REVIEW] is None


def test_a_time_that_no_calendar_has(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"good.toml": GOOD, "publisher.toml": ""})
    for name in ("good.toml", "publisher.toml"):
        os.utime(tmp_path / name, (1e11, 1e11))
    assert not isinstance(engine.perform("good", Command("remark", "hello")), Refusal)
    assert engine.offer("good").events[0].at.year == NOW.year
