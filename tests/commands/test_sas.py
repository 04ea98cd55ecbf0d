"""vitrina sas, as a script sees it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.conftest import Run, edit

NOW = datetime.now(UTC)
TOKEN = (
    f"st={NOW - timedelta(days=1):%Y-%m-%d}T00%3A00%3A00Z"
    f"&se={NOW + timedelta(days=90):%Y-%m-%d}T00%3A00%3A00Z&sp=rl&sr=c&sig=s3cr3t{'0' * 37}%3D"
)


def test_addresses_are_listed_without_their_secrets(run: Run) -> None:
    ran = run("sas", "contoso-vault", "--json")
    first = ran.json[0]
    assert ran.status == 0 and len(ran.json) == 3
    assert first["field"] == "skus.vault-solo.image.os_vhd_url"
    assert (first["container"], first["permissions"], first["findings"]) == ("vhds", "rl", [])
    assert 50 < first["days_left"] < 56 and first["until"].endswith("Z")
    assert "sig" not in ran.out
    assert "vhds" in run("sas", "contoso-vault").out


def test_one_that_falls_short_of_the_rules_exits_with_1(run: Run, directory: Path) -> None:
    ran = run("sas")
    assert ran.status == 1
    assert "error sas.permissions" in ran.out and "contoso-db.toml:" in ran.out
    file = directory / "contoso-vault.toml"
    end = file.read_text().split("&se=")[1][:10]
    edit(file, f"&se={end}", f"&se={NOW + timedelta(days=10):%Y-%m-%d}")
    edit(file, "?st=", f"?st={NOW - timedelta(days=60):%Y-%m-%d}T00%3A00%3A00Z&x=")
    ran = run("sas", "contoso-vault")
    assert ran.status == 1 and "warning sas.expired" in ran.out


def test_a_new_token_is_put_in_place(run: Run, directory: Path) -> None:
    ran = run("sas", "contoso-db", "--token", f"?{TOKEN}")
    assert ran.status == 0
    assert "skus.byol.image.os_vhd_url" in ran.out and "Check: " in ran.out
    assert "s3cr3t" not in ran.out
    assert (directory / "contoso-db.toml").read_text().count(f".vhd?{TOKEN}") == 2
    again = run("sas", "contoso-db", "--token", TOKEN, "--json").json
    assert again == {"offer": "contoso-db", "changed": [], "findings": []}
    assert run("history", "contoso-db", "--json").json[-1]["kind"] == "edited"


def test_a_bad_token_is_refused_with_every_fault(run: Run) -> None:
    ran = run("sas", "contoso-db", "--token", "st=2026-11-21&sp=rw&sr=b", "--json")
    assert ran.status == 3
    rules = ["sas.container", "sas.dates", "sas.permissions", "sas.signature"]
    assert [reason["rule"] for reason in ran.json["reasons"]] == rules


WRONG = {
    "no offer": ["--token", TOKEN],
    "container without token": ["contoso-db", "--container", "vhds"],
    "another container": ["contoso-db", "--token", TOKEN, "--container", "logs"],
    "no addresses": ["contoso-mail", "--token", TOKEN],
    "empty": ["contoso-db", "--token", ""],
    "unknown": ["contoso-nowhere"],
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_words_are_told(run: Run, what: str) -> None:
    ran = run("sas", *WRONG[what])
    assert ran.status == 2 and ran.err


def test_an_offer_that_cannot_be_read_is_named(run: Run, directory: Path) -> None:
    (directory / "contoso-vault.toml").write_text('type = "virtual-machine"\nskus = [')
    ran = run("sas", "contoso-vault")
    assert ran.status == 0 and "contoso-vault cannot be read" in ran.err
