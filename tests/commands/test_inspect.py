"""list, check, show, history, rules: what they print, and the fields that scripts rely on."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.engine import Engine
from tests.commands.conftest import Run, edit

ROW = {
    "offer", "type", "title", "status", "edited", "steps_complete", "errors", "warnings", "next",
}  # fmt: skip
OFFER = {
    "offer", "type", "status", "content", "edited", "production", "certification", "steps",
    "may_request_production", "actions",
}  # fmt: skip
FINDING = {"rule", "severity", "field", "file", "line", "asset", "message"}
REASON = {"rule", "step", "field", "message"}
EVENT = {"at", "actor", "kind", "content", "note"}


def test_a_list_shows_every_offer_with_the_fields_scripts_rely_on(run: Run) -> None:
    rows = {row["offer"]: row for row in run("list", "--json").json}

    assert all(row.keys() >= ROW for row in rows.values())
    assert (
        rows["contoso-mail"] | {"errors": 2, "steps_complete": 3, "type": "developer-service"}
        == (rows["contoso-mail"])
    )
    assert rows["contoso-mail"]["status"] == "draft"
    unreadable = rows["old-notes"]
    assert (unreadable["type"], unreadable["title"], unreadable["errors"]) == (None, None, 1)
    assert "line 4" in unreadable["next"]


def test_a_list_in_text_has_a_line_an_offer_below_the_titles(run: Run) -> None:
    ran = run("list")

    titles, *lines = ran.out.splitlines()
    assert ran.status == 0 and len(lines) == 8
    assert titles.split() == ["Offer", "Type", "Title", "Steps", "Status", "Findings", "Next"]
    assert {line.index("draft") for line in lines if "draft" in line} == {titles.index("Status")}


def test_the_directory_may_be_named_before_and_after(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tui.main import main

    for arguments in (
        ["-C", str(directory), "check", "contoso-mail", "--json"],
        ["check", "contoso-mail", "-C", str(directory), "--json"],
        ["--json", f"-C{directory}", "check", "contoso-mail"],
        ["list", "-C", str(directory), "--json"],
        ["list", f"-C{directory}", "--json"],
    ):
        assert main(arguments) in (0, 1)
        assert "contoso-mail" in capsys.readouterr().out


def test_check_has_every_finding_with_its_place(run: Run) -> None:
    ran = run("check", "contoso-db", "--json")

    (offer,) = ran.json
    findings = {found["rule"]: found for step in offer["steps"] for found in step["findings"]}
    assert ran.status == 1 and offer.keys() >= OFFER
    assert [step["number"] for step in offer["steps"]] == [1, 2, 3, 4]
    assert all(found.keys() >= FINDING for found in findings.values())
    assert all(found["file"] and found["line"] for found in findings.values())
    assert findings["logo.wide"]["asset"] == "logos/contoso-db/wide.png"
    assert findings["staging.current"]["field"] is None
    assert offer["certification"] == {"state": "none", "content": None, "reason": None}
    assert offer["content"].startswith("sha256:") and offer["production"] is None
    reasons = [each for action in offer["actions"] for each in action["reasons"]]
    assert all(each.keys() == REASON for each in reasons)
    assert [action["name"] for action in offer["actions"] if action["allowed"]]


def test_findings_of_a_step_go_down_the_files_and_end_with_what_is_to_do(run: Run) -> None:
    (offer,) = run("check", "contoso-db", "--json").json

    *faults, first, second = offer["steps"][3]["findings"]
    places = [found["line"] for found in faults]
    assert len(set(places)) > 3 and places == sorted(places)
    assert [first["rule"], second["rule"]] == ["staging.current", "staging.tested"]


def test_check_prints_a_line_a_finding_and_a_summary(run: Run) -> None:
    *lines, summary, ahead = run("check", "contoso-db", "contoso-db").out.splitlines()

    line = r"[\w.-]+:\d+: (error|warning|to do) [a-z_.]+  .+ \(step [1-4](, \S+)?\)"
    assert lines and all(re.fullmatch(line, each) for each in lines)
    errors = sum(": error " in each for each in lines)
    assert f"1 offer checked: {errors} errors, 0 warnings" in summary
    assert ahead.startswith("  Then: request certification, push to staging")


def test_an_offer_that_was_never_staged_is_open_by_design(run: Run) -> None:
    ran = run("check", "contoso-rates")

    assert ran.status == 1 and "error " not in ran.out
    assert "0 errors, 0 warnings" in ran.out
    assert "Nothing to fix. Next: push to staging, record the staging test" in ran.out


def test_the_content_rules_can_be_asked_alone(run: Run, directory: Path) -> None:
    ran = run("check", "contoso-rates", "--content-only", "--json")

    (offer,) = ran.json
    assert ran.status == 0 and not any(step["findings"] for step in offer["steps"])
    assert not offer["steps"][3]["complete"]
    edit(directory / "contoso-rates.toml", 'title = "Contoso Rates"', 'title = ""')
    assert run("check", "contoso-rates", "--content-only").status == 1


def test_one_step_can_be_asked_alone(run: Run, directory: Path) -> None:
    ran = run("check", "contoso-rates", "--step", "3", "--json")
    assert ran.status == 0 and [step["number"] for step in ran.json[0]["steps"]] == [3]
    both = run("check", "contoso-rates", "--step", "4", "--step", "3", "--json")
    assert both.status == 1 and [step["number"] for step in both.json[0]["steps"]] == [3, 4]
    edit(directory / "publisher.toml", 'company = "approved"', 'company = "submitted"')
    assert run("check", "contoso-rates", "--step", "2", "--content-only").status == 1
    assert run("check", "contoso-rates", "--step", "3", "--content-only").status == 0


def test_check_tells_what_is_wrong_with_the_publisher_once(run: Run, directory: Path) -> None:
    edit(directory / "publisher.toml", 'company = "approved"', 'company = "submitted"')

    out = run("check").out

    assert out.count("error registration.company") == 1


def test_a_file_that_is_not_toml_is_an_error_of_its_own_offer_only(run: Run) -> None:
    (offer,) = run("check", "old-notes", "--json").json

    assert (offer["type"], offer["content"], offer["certification"]) == (None, None, None)
    assert [step["complete"] for step in offer["steps"]] == [False] * 4
    assert run("check", "old-notes").out.startswith("old-notes.toml:4:14: error file.syntax")
    assert run("check", "old-notes").status == 1
    assert run("show", "old-notes").status == 0


def test_a_file_without_a_type_is_not_an_offer(run: Run, directory: Path) -> None:
    (directory / "tool.toml").write_text("line-length = 100\n")

    rows = {row["offer"]: row for row in run("list", "--json").json}
    assert rows["tool"]["status"] is None and rows["tool"]["warnings"] == 1
    assert "not an offer" in run("list").out
    checked = run("check", "tool", "--json")
    assert checked.status == 0
    assert checked.json[0]["steps"][2]["findings"][0]["severity"] == "warning"
    for action in (["stage"], ["certify"], ["discard", "--yes"], ["tested"], ["cancel"]):
        ran = run(*action, "tool")
        assert (ran.status, ran.out) == (2, "") and "not an offer" in ran.err


def test_a_missing_publisher_file_is_a_finding(run: Run, directory: Path) -> None:
    (directory / "publisher.toml").unlink()

    ran = run("check", "contoso-mail", "--json")

    rules = [found["rule"] for step in ran.json[0]["steps"] for found in step["findings"]]
    assert ran.status == 1 and "publisher.missing" in rules
    assert run("list").status == 0


@pytest.mark.parametrize("command", [["list"], ["check"], ["show", "contoso-mail"], ["trash"]])
def test_a_directory_or_publisher_file_that_cannot_be_read_is_trouble(
    command: list[str], run: Run, directory: Path
) -> None:
    (directory / "publisher.toml").write_text("namespace = \n")
    if command != ["trash"]:
        ran = run(*command)
        assert (ran.status, ran.out) == (4, "")
        assert "publisher.toml, line 1" in ran.err
    ran = run("-C", str(directory / "nowhere"), *command)
    assert ran.status == 4 and "no directory" in ran.err


@pytest.mark.parametrize("command", ["show", "check", "history", "stage", "wait", "restore"])
def test_an_unknown_offer_is_wrong_usage(command: str, run: Run) -> None:
    ran = run(command, "contoso-mial")

    assert (ran.status, ran.out) == (2, "")
    assert command == "restore" or 'Did you mean "contoso-mail"?' in ran.err


def test_show_reads_like_the_walkthrough(run: Run) -> None:
    out = run("show", "contoso-db").out

    assert out.startswith("contoso-db · Virtual machine · draft\nContoso DB\n")
    for part in (
        "✓ 1  Get approved",
        "✗ 3  Create and certify your offer            2 to fix",
        "(sas.permissions)",
        "(vitrina certify contoso-db)",
        "more are in order",
        "production: 9 items in steps 3 and 4 are open.",
        "○ final review",
    ):
        assert part in out


def test_show_has_what_only_it_has(run: Run) -> None:
    run("stage", "contoso-rates")
    run("tested", "contoso-rates", "--point", "logo", "name")

    shown = run("show", "contoso-rates", "--json").json

    assert shown.keys() >= OFFER | {"next", "pipeline", "checklist", "rejection"}
    passed = [point["point"] for point in shown["checklist"] if point["passed"]]
    assert passed == ["logo", "name"] and len(shown["checklist"]) == 13
    legs = {leg["leg"]: leg["stages"] for leg in shown["pipeline"]}
    assert [stage["state"] for stage in legs["staging"]] == ["done"]
    assert shown["certification"] is None and shown["rejection"] is None


def test_history_is_oldest_first(run: Run) -> None:
    run("stage", "contoso-rates")
    run("remark", "contoso-rates", "looks", "good")

    events = run("history", "contoso-rates", "--json").json

    assert [event["kind"] for event in events] == [
        "created",
        "pushed-to-staging",
        "staged",
        "remark",
    ]
    assert all(event.keys() >= EVENT for event in events)
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert all(re.fullmatch(r"\d{4}-..-..T..:..:..\.\d{6}Z", event["at"]) for event in events)
    assert events[-1]["note"] == "looks good"
    assert "remark: looks good" in run("history", "contoso-rates").out


def test_history_is_narrowed_by_person_kind_day_and_words(run: Run) -> None:
    run("stage", "contoso-rates")
    run("remark", "contoso-rates", "looks", "good")

    def kinds(*options: str) -> list[str]:
        return [each["kind"] for each in run("history", "contoso-rates", *options, "--json").json]

    assert kinds("--by", "market") == ["staged"]
    assert kinds("--kind", "staged", "--kind", "remark") == ["staged", "remark"]
    assert kinds("--text", "looks good") == ["remark"]
    assert kinds("--since", "1h") == kinds() and kinds("--until", "1h") == []
    none = run("history", "contoso-rates", "--until", "2020-01-01")
    assert (none.status, none.out) == (0, "") and "has 4 events" in none.err
    assert kinds("--text", "remark: looks") == ["remark"]
    unknown = run("history", "contoso-rates", "--kind", "rejectd")
    assert unknown.status == 2 and 'Did you mean "rejected"?' in unknown.err
    assert run("history", "contoso-rates", "--by", "").status == 2
    wrong = run("history", "contoso-rates", "--kind", "sold")
    assert wrong.status == 2 and "Known kinds: created" in wrong.err


def test_a_history_without_events_is_empty(run: Run) -> None:
    ran = run("history", "contoso-rates", "--json")

    assert (ran.status, ran.json) == (0, [])


def test_a_broken_history_shows_what_can_be_trusted(run: Run, directory: Path) -> None:
    run("stage", "contoso-rates")
    run("tested", "contoso-rates")
    edit(directory / ".vitrina/history/contoso-rates.jsonl", '"staged"', '"approved"')

    ran = run("history", "contoso-rates", "--json")

    assert ran.status == 0
    assert [event["kind"] for event in ran.json][:2] == ["created", "pushed-to-staging"]
    assert len(ran.json) < 4
    assert "damaged" in ran.err
    refused = run("request", "contoso-rates", "--json")
    assert refused.status == 3
    assert "history.broken" in [reason["rule"] for reason in refused.json["reasons"]]


def test_text_of_files_never_reaches_the_terminal_as_commands(run: Run, directory: Path) -> None:
    edit(
        directory / "contoso-rates.toml", 'title = "Contoso Rates"', r'title = "A\u001b[31m\u202eB"'
    )

    for command in (["list"], ["show", "contoso-rates"], ["list", "--json"]):
        out = run(*command).out
        assert "\x1b" not in out and "\u202e" not in out and "31m" in out


def test_rules_are_told_with_an_example(run: Run) -> None:
    every = run("rules", "--json").json
    (one,) = run("rules", "sas.permissions", "--json").json
    group = run("rules", "sas", "--json").json

    assert len(every) > 70 and one in every
    assert one.keys() >= {"rule", "step", "severity", "types", "says", "good", "bad"}
    assert len(group) > 3 and all(each["rule"].startswith("sas.") for each in group)
    assert "good" in run("rules", "sas.permissions").out
    assert '  good\n    [[skus]]\n    identifier = "vault-solo"…\n  bad ' in run("rules", "sku").out
    assert len(run("rules").out.splitlines()) == len(every) + 1
    unknown = run("rules", "sas.permission")
    assert unknown.status == 2 and "sas.permissions" in unknown.err


def test_a_history_shows_the_policy_of_a_request(run: Run) -> None:
    for command in ("stage", "tested", "request"):
        assert run(command, "contoso-rates").status == 0
    policies = [each["policy"] for each in run("history", "contoso-rates", "--json").json]
    everybody = {"four_eyes": False, "publishers": None, "approvers": None}
    assert [each for each in policies if each] == [everybody]
    words = "policy: the requester may approve; approvers: everybody"
    assert words in run("history", "contoso-rates").out


@pytest.mark.parametrize("command", ["show", "history"])
def test_an_event_from_the_future_is_named_with_a_way_on(
    run: Run, directory: Path, command: str
) -> None:
    run("remark", "contoso-rates", "now")
    assert "future" not in run(command, "contoso-rates").err
    ahead = datetime.now(UTC) + timedelta(days=3)
    Engine(directory, lambda: ahead, "ana").perform("contoso-rates", Command("remark", "early"))
    ran = run(command, "contoso-rates")
    assert ran.status == 0 and "remark by ana" in ran.err and "continue" in ran.err
    assert run("show", "contoso-rates", "--json").json["from_the_future"]["note"] == "early"
    assert run("remark", "contoso-rates", "on").status == 0


def test_every_field_is_there_for_any_file(run: Run, directory: Path) -> None:
    (directory / "nothing.toml").write_text("")
    (directory / "latin.toml").write_bytes(b"type = 'caf\xe9'")
    (directory / "deep.toml").write_text("a = " + "[" * 5000)
    (directory / "huge.toml").write_text("type = 'data-service'\na = " + "9" * 5000)
    documents = {each["offer"]: each for each in run("check", "--json").json}
    keys = documents["contoso-rates"].keys()

    for offer in ("nothing", "latin", "deep", "huge"):
        document = documents[offer]
        assert document.keys() == keys == run("show", offer, "--json").json.keys() & keys
        assert (document["type"], document["content"]) == (None, None)
        assert [step["complete"] for step in document["steps"]] == [False] * 4
        (finding,) = [each for step in document["steps"] for each in step["findings"]]
        expected = ("file.type", "warning") if offer == "nothing" else ("file.syntax", "error")
        assert (finding["rule"], finding["severity"]) == expected
        assert finding["line"] >= 1 and finding["message"].endswith(".")
    row = next(each for each in run("list", "--json").json if each["offer"] == "nothing")
    assert (row["next"], row["errors"], row["warnings"]) == ("not an offer", 0, 1)


def test_a_wrong_item_hides_nothing_else_of_its_list(run: Run, directory: Path) -> None:
    path = directory / "contoso-vault.toml"
    text = path.read_text()
    ports = text[text.index("open_ports") :].splitlines()[0]
    path.write_text(text.replace(ports, 'open_ports = [443, "22", 70000, 443]', 1))
    found = {
        (each["field"], each["rule"])
        for step in run("check", "contoso-vault", "--json").json[0]["steps"]
        for each in step["findings"]
        if "open_ports" in (each["field"] or "")
    }
    at = "skus.vault-solo.image.open_ports"
    assert found == {
        (f"{at}.1", "file.type"),
        (f"{at}.2", "image.ports"),
        (f"{at}.3", "image.ports"),
    }


def test_a_relative_cache_directory_is_ignored(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(directory)
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert run("list").status == 0
    assert not (directory / "cache").exists() and (tmp_path / ".cache" / "vitrina").is_dir()
