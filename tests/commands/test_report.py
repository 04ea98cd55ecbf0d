"""vitrina report, as a script sees it."""

from pathlib import Path

import pytest

from tests.commands.conftest import Run


def test_it_goes_to_the_standard_output(run: Run) -> None:
    ran = run("report", "contoso-db")
    assert ran.status == 0 and ran.out.startswith("<!doctype html>") and "Contoso DB" in ran.out
    assert run("report", "contoso-db", "--json").json["html"].startswith("<!doctype html>")


def test_it_goes_into_a_file_and_over_an_older_one(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "db.html"
    for offer in ("contoso-db", "contoso-mail"):
        ran = run("report", offer, "-o", str(file))
        assert (ran.status, ran.err) == (0, "") and str(file) in ran.out
    assert "Contoso Mail" in file.read_text()
    document = run("report", "contoso-db", "-o", str(file), "--json").json
    assert document == {"offer": "contoso-db", "file": str(file), "html": None}


@pytest.mark.parametrize("name", ["contoso-db.toml", ".vitrina/report.html", "logos"])
def test_nothing_else_is_written_over(run: Run, directory: Path, name: str) -> None:
    before = (directory / "contoso-db.toml").read_bytes()
    ran = run("report", "contoso-db", "-o", str(directory / name))
    assert ran.status == 2 and ran.err
    assert (directory / "contoso-db.toml").read_bytes() == before
    assert not (directory / ".vitrina/report.html").exists()


def test_what_cannot_be_done_is_told(run: Run, tmp_path: Path) -> None:
    assert run("report", "contoso-nowhere").status == 2
    assert run("report", "contoso-db", "-o", str(tmp_path / "no/where.html")).status == 4
