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
    assert ran.status == 0 and "all intact" in ran.out
    document = run("verify", "contoso-rates", "--json").json
    assert document == [
        {
            "offer": "contoso-rates", "discarded_at": None, "events": 2, "broken": None,
            "missing": [], "notes": [], "unreadable": None,
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


def test_a_cut_off_end_hides_no_decision(run: Run, directory: Path) -> None:
    """One byte is the line end alone; with more, the head knows what should stand there."""
    for command in (["stage"], ["tested"], ["request"], ["reject", "--reason", "never"]):
        run(command[0], "contoso-rates", *command[1:])
    history = directory / ".vitrina/history/contoso-rates.jsonl"
    whole = history.read_bytes()
    history.write_bytes(whole[:-1])
    assert run("show", "contoso-rates", "--json").json["status"] == "rejected"
    assert run("verify", "contoso-rates").status == 0
    assert run("approve", "contoso-rates").status == 3
    history.write_bytes(whole[:-10])
    assert "was cut off" in run("verify", "contoso-rates").out
    refused = run("approve", "contoso-rates", "--json")
    assert "history.broken" in [reason["rule"] for reason in refused.json["reasons"]]


def test_a_rename_and_a_discard_keep_a_last_event_that_lost_its_line_end(
    run: Run, directory: Path
) -> None:
    for name in ("contoso-rates", "contoso-mail"):
        run("remark", name, "first")
        history = directory / f".vitrina/history/{name}.jsonl"
        history.write_bytes(history.read_bytes()[:-1])
    assert run("rename", "contoso-rates", "contoso-other").status == 0
    assert run("discard", "contoso-mail", "--yes").status == 0
    assert run("verify").status == 0


def test_one_history_that_cannot_be_read_hides_no_other(run: Run, directory: Path) -> None:
    (directory / ".vitrina/history/x.jsonl").mkdir(parents=True)
    ran = run("list", "--json")
    assert ran.status == 0 and {"x", "contoso-rates"} <= {row["offer"] for row in ran.json}
    assert "is not a plain file" in ran.err
    assert run("verify").status == 1
    assert run("verify", "--accept", "x").status == 4


def test_waiting_tells_a_broken_history_too(run: Run, directory: Path) -> None:
    break_history(run, directory)
    ran = run("wait", "contoso-rates")
    assert ran.status == 0 and "event 2 was altered" in ran.err
