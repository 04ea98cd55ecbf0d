"""Care for SAS tokens: what ends when, and a new token on every address that it is for."""

import re
from datetime import timedelta

import pytest

from state.domain.findings import Refusal
from state.engine import Done
from state.engine.draft_writer import DraftingError
from state.engine.drafts import undo_edit
from state.engine.renew_tokens import Renewed, addresses, renew
from tests.engine_harness import DATA, MACHINE, EngineHarness

SIG = f"sig=NEW%2B{'0' * 39}%3D"
TOKEN = f"st=2026-11-21T00%3A00%3A00Z&se=2027-03-15T00%3A00%3A00Z&sp=rl&sv=2015-04-05&sr=c&{SIG}"
HOST = "contosovhds.blob.core.windows.net"


def put(desk: EngineHarness, token: str, container: str | None = None) -> Renewed:
    renewed = renew(desk.engine, MACHINE, token, container)
    assert isinstance(renewed, Renewed), renewed
    return renewed


def refused(desk: EngineHarness, token: str) -> list[str]:
    before = desk.file(MACHINE).read_bytes()
    renewed = renew(desk.engine, MACHINE, token)
    assert isinstance(renewed, Refusal) and desk.file(MACHINE).read_bytes() == before
    return [reason.rule for reason in renewed.reasons]


def elsewhere(desk: EngineHarness) -> None:
    """Move one of the three disks into another container."""
    desk.rewrite(MACHINE, "vhds/contoso-vault-log", "logs/contoso-vault-log")


def test_addresses_are_listed_soonest_first(desk: EngineHarness) -> None:
    desk.rewrite(MACHINE, "se=2027-01-15", "se=2026-12-13")
    first, *others = addresses(desk.engine, desk.engine.offers())
    assert (first.offer, str(first.field)) == (MACHINE, "skus.vault-solo.image.os_vhd_url")
    assert first.days_left == 20 and others
    assert all(other.sas.ends >= first.sas.ends for other in others if other.sas.ends)
    assert {each.offer for each in addresses(desk.engine, [desk.engine.offer(MACHINE)])} == {
        MACHINE
    }


def test_an_address_without_an_end_comes_before_all(desk: EngineHarness) -> None:
    desk.rewrite(MACHINE, "se=2027-01-15T00%3A00%3A00Z&", "")
    first = addresses(desk.engine, desk.engine.offers())[0]
    assert first.days_left is None
    assert [each.rule for each in first.findings] == ["sas.dates"]


def test_what_is_in_production_may_lapse(desk: EngineHarness) -> None:
    desk.publish(MACHINE)
    desk.now += timedelta(days=400)
    found = addresses(desk.engine, [desk.engine.offer(MACHINE)])
    assert all(each.listed and not each.findings for each in found)


PASTED = [TOKEN, f"?{TOKEN}", f" ?{TOKEN}\n", f"https://{HOST}/vhds?{TOKEN}"]


@pytest.mark.parametrize("token", PASTED)
def test_a_new_token_changes_the_tokens_and_nothing_else(desk: EngineHarness, token: str) -> None:
    text, content = desk.file(MACHINE).read_text(), desk.engine.offer(MACHINE).content
    renewed = put(desk, token)
    assert len(renewed.fields) == 3
    assert desk.file(MACHINE).read_text() == re.sub(r'vhd\?[^"]*"', f'vhd?{TOKEN}"', text)
    assert desk.engine.offer(MACHINE).content == content


def test_it_is_one_event_that_tells_no_secret_and_can_be_taken_back(desk: EngineHarness) -> None:
    before = desk.file(MACHINE).read_bytes()
    renewed = put(desk, TOKEN)
    event = renewed.done.events[0]
    assert desk.kinds(MACHINE) == ["created", "edited"]
    assert event.note == "new SAS token, until 2027-03-15 00:00 UTC"
    assert event.data["fields"] == [str(field) for field in renewed.fields]
    assert "sig" not in str(event)
    assert put(desk, TOKEN).done == Done((), desk.engine.offer(MACHINE))
    undo_edit(desk.engine, MACHINE)
    assert desk.file(MACHINE).read_bytes() == before


def test_an_offer_in_staging_stays_what_it_is(desk: EngineHarness) -> None:
    desk.stage(MACHINE)
    put(desk, TOKEN)
    view = desk.engine.offer(MACHINE)
    assert view.status == "staged" and not view.edited
    assert {each.rule for each in view.errors} == {"staging.tested"}


REFUSED = {
    "short": (f"st=2026-11-21&se=2027-03-15&sp=rl&sr=c&{SIG}", ["sas.dates"]),
    "rights": (TOKEN.replace("sp=rl", "sp=rwd"), ["sas.permissions"]),
    "blob": (TOKEN.replace("sr=c", "sr=b"), ["sas.container"]),
    "window": (TOKEN.replace("2027-03-15", "2026-11-29"), ["sas.window"]),
    "lapsed": (TOKEN.replace("2026-11", "2026-10").replace("2027-03", "2026-11"), ["sas.expired"]),
    "broken in two": (TOKEN.replace("&sp", "\n&sp"), ["sas.url"]),
    "no signature": (TOKEN.replace(f"&{SIG}", ""), ["sas.signature"]),
    "cut off": (TOKEN.partition("&")[0], ["sas.signature"]),
    "from a web page": (TOKEN.replace("&", "&amp;"), ["sas.url"]),
    "no token": ("hello", ["sas.url"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_token_that_breaks_a_rule_is_refused_unwritten(desk: EngineHarness, fault: str) -> None:
    token, rules = REFUSED[fault]
    assert refused(desk, token) == rules


def test_a_token_that_ends_soon_is_taken(desk: EngineHarness) -> None:
    put(desk, TOKEN.replace("2026-11-21", "2026-10-21").replace("2027-03-15", "2026-12-01"))
    assert {each.rule for each in desk.engine.offer(MACHINE).warnings} == {"sas.expired"}


def test_a_token_is_for_one_container(desk: EngineHarness) -> None:
    elsewhere(desk)
    with pytest.raises(DraftingError, match=r'"blob.*/vhds", "blob.*/logs"'.replace("blob", HOST)):
        renew(desk.engine, MACHINE, TOKEN)
    assert len(put(desk, TOKEN, "logs").fields) == 1
    assert len(put(desk, TOKEN, f"{HOST}/vhds").fields) == 2
    assert len(put(desk, f"https://{HOST}/logs?{TOKEN.replace('NEW', 'Two')}").fields) == 1
    with pytest.raises(DraftingError, match="no VHD address in"):
        renew(desk.engine, MACHINE, TOKEN, "nowhere")


def test_a_token_that_lacked_its_question_mark_is_replaced(desk: EngineHarness) -> None:
    desk.rewrite(MACHINE, "vhd?st=", "vhdst=")
    assert len(put(desk, TOKEN).fields) == 3
    assert desk.engine.offer(MACHINE).to_fix == ()


def test_without_addresses_or_rights_there_is_nothing_to_do(desk: EngineHarness) -> None:
    with pytest.raises(DraftingError, match="no VHD address"):
        renew(desk.engine, DATA, TOKEN)
    with pytest.raises(DraftingError, match="empty"):
        renew(desk.engine, MACHINE, " ? ")
    desk.file(MACHINE).write_text('type = "virtual-machine"\nskus = [')
    assert refused(desk, TOKEN) == ["file.syntax"]
    publisher = desk.root / "publisher.toml"
    publisher.write_text(f"{publisher.read_text()}\n[roles]\npublishers = ['eva']\n")
    assert refused(desk, TOKEN) == ["role.publisher", "file.syntax"]
