"""vitrina verify, as a script sees it."""

from pathlib import Path

from tests.commands.conftest import Run, edit


def break_history(run: Run, directory: Path) -> None:
    """Three events, the second of them altered."""
    run("remark", "contoso-rates", "first")
    run("remark", "contoso-rates", "second")
    edit(directory / ".vitrina/history/contoso-rates.jsonl", '"first"', '"worst"')


def test_whole_histories_exit_with_0(run: Run) -> None:
    run("remark", "contoso-rates", "first")
    ran = run("verify")
    assert ran.status == 0 and "all of them whole" in ran.out
    document = run("verify", "contoso-rates", "--json").json
    assert document == [
        {
            "offer": "contoso-rates", "discarded_at": None, "events": 2, "broken": None,
            "missing": [], "notes": [],
        }
    ]  # fmt: skip


def test_a_broken_history_exits_with_1_and_says_where(run: Run, directory: Path) -> None:
    break_history(run, directory)
    ran = run("verify")
    assert ran.status == 1
    assert "event 2 was altered (.vitrina/history/contoso-rates.jsonl:2)" in ran.out
    assert run("verify", "contoso-mail").status == 0
    broken = run("verify", "--json", "contoso-rates").json[0]["broken"]
    assert (broken["event"], broken["line"]) == (2, 2)


def test_everything_that_looks_says_what_is_broken_and_how_to_go_on(
    run: Run, directory: Path
) -> None:
    break_history(run, directory)
    for command in (["list"], ["show", "contoso-rates"], ["history", "contoso-rates"]):
        ran = run(*command)
        assert ran.status == 0
        assert "event 2 was altered" in ran.err
        assert "vitrina verify --accept contoso-rates" in ran.err


def test_an_accepted_break_is_an_event(run: Run, directory: Path) -> None:
    break_history(run, directory)
    ran = run("verify", "--accept", "contoso-rates", "--note", "the disk was full")
    assert ran.status == 0 and run("verify").status == 0
    last = run("history", "contoso-rates", "--json").json[-1]
    assert last["kind"] == "chain-accepted" and "the disk was full" in last["note"]
    assert run("remark", "contoso-rates", "on we go").status == 0


def test_what_is_not_broken_is_not_accepted(run: Run) -> None:
    ran = run("verify", "--accept", "contoso-rates", "--json")
    assert (ran.status, ran.json["refused"]) == (3, "accept")
    assert [reason["rule"] for reason in ran.json["reasons"]] == ["status.wrong"]


def test_wrong_words_are_told(run: Run) -> None:
    assert run("verify", "--accept").status == 2
    assert run("verify", "contoso-db", "--accept", "contoso-rates").status == 2
    assert run("verify", "--note", "why").status == 2
    assert run("verify", "contoso-nowhere").status == 2
