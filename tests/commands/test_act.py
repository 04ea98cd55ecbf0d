"""The commands that act: the way to the marketplace, refusals, and drafts that go and come back."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.commands.conftest import Run, edit

DATA = "contoso-rates"


def test_an_offer_goes_all_the_way(run: Run) -> None:
    statuses = []
    for command in (
        ["certify", "contoso-vault"],
        ["stage", "contoso-vault"],
        ["tested", "contoso-vault", "--note", "on two sizes"],
        ["request", "contoso-vault"],
        ["approve", "contoso-vault"],
        ["tested", "contoso-vault", "--production"],
    ):
        ran = run(*command, "--json")
        assert ran.status == 0, ran.err
        statuses.append(run("show", "contoso-vault", "--json").json["status"])

    assert statuses == [
        "draft", "staged", "staged", "production-requested", "available", "available",
    ]  # fmt: skip
    assert run("check", "contoso-vault").status == 0
    shown = run("show", "contoso-vault", "--json").json
    assert shown["production"]["content"] == shown["content"]
    assert shown["certification"]["state"] == "certified"
    assert [step["complete"] for step in shown["steps"]] == [True] * 4


def test_an_action_answers_with_the_offer_after_it(run: Run) -> None:
    shown = run("stage", DATA, "--json").json

    assert shown.keys() == run("show", DATA, "--json").json.keys()
    assert (shown["offer"], shown["status"]) == (DATA, "staged")
    assert "Next: " in run("tested", DATA).out


def test_a_refusal_has_every_reason(run: Run) -> None:
    ran = run("stage", "contoso-db", "--json")

    assert ran.status == 3 and ran.json["refused"] == "stage"
    assert all(each.keys() == {"rule", "step", "field", "message"} for each in ran.json["reasons"])
    assert len(ran.err.splitlines()) == len(ran.json["reasons"]) > 4
    for reason, line in zip(ran.json["reasons"], ran.err.splitlines(), strict=True):
        assert reason["rule"] in line and reason["message"] in line
    assert run("stage", "contoso-db").out == ""
    assert run("history", "contoso-db", "--json").json == []


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (["approve", DATA], "status.wrong"),
        (["reject", DATA, "--reason", "no"], "status.wrong"),
        (["cancel", DATA], "status.wrong"),
        (["tested", DATA], "status.wrong"),
        (["tested", DATA, "--production"], "status.wrong"),
        (["certify", DATA], "status.wrong"),
        (["request", DATA], "staging.current"),
    ],
)
def test_what_a_draft_may_not(command: list[str], rule: str, run: Run) -> None:
    ran = run(*command, "--json")

    assert ran.status == 3
    assert rule in [reason["rule"] for reason in ran.json["reasons"]]


def test_points_of_the_checklist(run: Run) -> None:
    run("stage", DATA)

    wrong = run("tested", DATA, "--point", "lgo")
    assert wrong.status == 2 and wrong.out == ""
    assert 'Did you mean "logo"?' in wrong.err and "data-preview" in wrong.err
    run("tested", DATA, "--point", "logo", "name", "--point", "plans")
    shown = run("show", DATA, "--json").json
    assert [each["point"] for each in shown["checklist"] if each["passed"]] == [
        "logo",
        "name",
        "plans",
    ]
    assert not shown["may_request_production"]
    assert run("tested", DATA, "--json").json["may_request_production"]
    assert run("tested", DATA, "--production", "--point", "logo").status == 2


@pytest.mark.parametrize("edited", ['type = "developer-service"', "type = ["])
def test_points_are_those_of_what_is_staged(edited: str, run: Run, directory: Path) -> None:
    run("stage", DATA)
    edit(directory / f"{DATA}.toml", 'type = "data-service"', edited)

    assert run("tested", DATA, "--point", "purchase").status == 2
    assert run("tested", DATA, "--point", "logo").status == 0
    assert run("tested", DATA).status == 0
    assert len(run("history", DATA, "--json").json[-1]["points"]) == 13
    assert len(run("show", DATA, "--json").json["checklist"]) == 13


def test_a_rejection_needs_words_and_is_read(run: Run) -> None:
    for command in (["stage"], ["tested"], ["request"]):
        run(*command, DATA)

    for blank in ("", "  ", "\n"):
        assert run("reject", DATA, "--reason", blank).status == 2
    assert run("reject", DATA).status == 2
    ran = run("reject", DATA, "--reason", "Too short.", "--field", "marketing.title", "--json")
    assert ran.json["status"] == "rejected"
    assert ran.json["rejection"]["reason"] == "Too short."
    assert ran.json["rejection"]["fields"] == ["marketing.title"]
    assert "Too short." in run("show", DATA).out
    event = run("history", DATA, "--json").json[-1]
    assert (event["kind"], event["note"]) == ("rejected", "Too short.")
    assert run("request", DATA).status == 0


def test_four_eyes(run: Run, directory: Path) -> None:
    edit(directory / "publisher.toml", "four_eyes = false", "four_eyes = true")
    for command in (["stage"], ["tested"], ["request"]):
        run(*command, DATA)

    ran = run("approve", DATA, "--json")

    assert ran.status == 3
    assert [reason["rule"] for reason in ran.json["reasons"]] == ["four_eyes"]
    assert run("reject", DATA, "--reason", "My own mistake.").status == 0


def test_cancel_goes_back(run: Run, directory: Path) -> None:
    edit(directory / "publisher.toml", "replication = 0", "replication = 1000")

    assert run("stage", DATA, "--json").json["status"] == "staging"
    assert run("cancel", DATA, "--note", "too early", "--json").json["status"] == "draft"
    assert run("history", DATA, "--json").json[-1]["note"] == "too early"


def test_a_certification_that_failed_says_why(run: Run, directory: Path) -> None:
    edit(directory / "publisher.toml", "fail = []", 'fail = ["certification"]')

    run("certify", "contoso-vault")

    shown = run("show", "contoso-vault", "--json").json
    assert shown["certification"]["state"] == "failed"
    assert shown["certification"]["content"] == shown["content"]
    assert "on purpose" in shown["certification"]["reason"]
    assert "on purpose" in run("show", "contoso-vault").out
    assert 'Certification failed on purpose: "fail"' in run("check", "contoso-vault").out
    assert run("certify", "contoso-vault").status == 0


def test_a_remark_has_words(run: Run) -> None:
    assert run("remark", DATA, " ").status == 2
    assert run("remark", DATA, "Friday").status == 0


def test_words_are_about_fields_that_there_are(run: Run, directory: Path) -> None:
    file = directory / f"{DATA}.toml"
    for command in ("stage", "tested", "request"):
        run(command, DATA)
    edit(file, 'identifier = "starter"', 'identifier = "beginner"\nodd = 1')
    wanted = {
        "plans.starter.price.base": 0,
        "plans.beginner.free_trial": 0,
        "plans.beginner.odd": 0,
        "marketing.logos.hero": 0,
        "marketing": 0,
        "plans.nobody.price": 2,
        "marketing.titel": 2,
        "skus.standard": 2,
        "": 2,
    }

    ended = {field: run("remark", DATA, "Hm", "--field", field).status for field in wanted}
    assert ended == wanted
    ran = run("reject", DATA, "--reason", "no", "--field", "support.url", "marketing.titel")
    assert ran.status == 2 and 'Did you mean "marketing.title"?' in ran.err
    file.write_text("x = [")
    assert run("reject", DATA, "--reason", "no", "--field", "plans.starter").status == 0
    (directory / "contoso-mail.toml").write_text("x = [")
    assert run("remark", "contoso-mail", "Hm", "--field", "plans.bronze").status == 0


def test_an_identifier_that_begins_with_a_hyphen_stands_after_two(
    run: Run, directory: Path
) -> None:
    for name in ("-dash", "--yes"):
        (directory / f"{name}.toml").write_text('type = "data-service"\n')

        assert run("show", "--json", "--", name).json["offer"] == name
        assert run("remark", "--field", "marketing", "--", name, "-words").status == 0
        assert run("discard", "--yes", "--", name).status == 0
        assert not (directory / f"{name}.toml").exists()


def test_what_an_available_offer_without_a_file_is_told(run: Run, directory: Path) -> None:
    for command in ("stage", "tested", "request", "approve"):
        run(command, DATA)
    (directory / f"{DATA}.toml").unlink()

    assert f'is missing. Restore it with "vitrina revert {DATA}". (' in run("check", DATA).out
    assert run("discard", DATA, "--yes").status == 3
    assert run("revert", DATA).status == 0


def test_discard_and_restore(run: Run, directory: Path) -> None:
    file = directory / "contoso-mail.toml"
    written = file.read_bytes()

    assert run("discard", "contoso-mail", "--yes", "--json").json["offer"] == "contoso-mail"
    assert not file.exists()
    assert [entry["offer"] for entry in run("trash", "--json").json] == ["contoso-mail"]
    gone = run("show", "contoso-mail")
    assert gone.status == 2 and "vitrina restore contoso-mail" in gone.err
    assert run("restore", "contoso-mail", "--json").json["status"] == "draft"
    assert file.read_bytes() == written
    assert run("trash", "--json").json == [] and run("restore", "contoso-mail").status == 2


def test_an_unreadable_draft_can_be_discarded(run: Run, directory: Path) -> None:
    assert run("discard", "old-notes", "--yes").status == 0
    assert not (directory / "old-notes.toml").exists()
    assert run("restore", "old-notes").status == 0


def test_restore_under_another_name(run: Run, directory: Path) -> None:
    run("discard", "contoso-mail", "--yes")
    (directory / "contoso-mail.toml").write_text('type = "developer-service"\n')

    taken = run("restore", "contoso-mail", "--json")
    assert taken.status == 3 and taken.json["refused"] == "restore"
    assert run("restore", "contoso-mail", "--as", "contoso-post").status == 0
    assert (directory / "contoso-post.toml").exists()


@pytest.mark.parametrize(
    "name", ["../elsewhere", "publisher", "pyproject", "Upper", "a/b", "x", ""]
)
def test_restore_wants_an_identifier(name: str, run: Run, directory: Path) -> None:
    run("discard", "contoso-mail", "--yes")
    before = (directory / "publisher.toml").read_bytes()

    assert run("restore", "contoso-mail", "--as", name).status in (2, 3)
    assert (directory / "publisher.toml").read_bytes() == before
    assert run("trash", "--json").json


def test_only_a_draft_is_discarded(run: Run, directory: Path) -> None:
    run("stage", DATA)

    ran = run("discard", DATA, "--yes", "--json")

    assert [reason["rule"] for reason in ran.json["reasons"]] == ["status.draft"]
    assert ran.status == 3 and (directory / f"{DATA}.toml").exists()


def test_discard_asks_on_a_terminal(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = directory / "contoso-mail.toml"
    assert run("discard", "contoso-mail").status == 2 and file.exists()

    def answer(text: str) -> None:
        terminal = SimpleNamespace(isatty=lambda: True, readline=lambda: text)
        monkeypatch.setattr("sys.stdin", terminal)

    for text in ("n\n", "\n", "", "no\n", "Y e s\n"):
        answer(text)
        ran = run("discard", "contoso-mail")
        assert file.exists() and "contoso-mail (Contoso Mail)" in ran.err
    answer("y\n")
    assert run("discard", "contoso-mail").status == 0
    assert not file.exists()
