"""VHD addresses and their SAS tokens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.rules.sas_address import parse_sas
from tests.rules.rule_case import SEARCH, VAULT, RuleCase, finding_of, name_of
from tests.rules.test_skus import listed
from tests.support import NOW, Edit, example_text, findings

FIELD = "skus.vault-solo.image.os_vhd_url"
LINE = next(line for line in example_text(VAULT).split("\n") if line.startswith("os_vhd_url"))
URL = LINE.split('"')[1]
ADDRESS, QUERY = URL.split("?")
SIG = next(part for part in QUERY.split("&") if part.startswith("sig="))
START, END = "st=2026-11-21T00%3A00%3A00Z", "se=2027-01-15T00%3A00%3A00Z"
DISK = next(line for line in example_text(VAULT).split("\n") if line.strip().startswith("{ lun"))
DISK_FIELD = "skus.vault-quorum.image.data_disks.0.vhd_url"


def token(rule: str, *edits: Edit, severity: str = "error") -> RuleCase:
    line = LINE
    for old, new in edits:
        assert old in line
        line = line.replace(old, new, 1)
    return RuleCase(rule, FIELD, line, ((LINE, line),), severity=severity)


def at(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ")


def times(starts: datetime, ends: datetime) -> tuple[Edit, Edit]:
    return (START, f"st={at(starts)}"), (END, f"se={at(ends)}")


DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

USER_KEY = "skoid=a&sktid=b&skt=2026-11-21T00%3A00%3A00Z&ske=2026-11-28T00%3A00%3A00Z&sks=b&skv=1"
COPIED_WRONG = [
    (QUERY, QUERY.replace("&", "&amp;")),
    (QUERY, QUERY.replace("&", "&#38;")),
    (QUERY, QUERY.replace("&", r"\\u0026")),
    ("https://", r"https:\\/\\/"),
    (QUERY, QUERY.replace("&", r"\\&")),
    (QUERY, QUERY.replace("&", "^&")),
    (QUERY, QUERY.replace("&", "%26").replace("=", "%3D")),
    ("?", "??"),
    (SIG, SIG + "?" + QUERY),
    (URL, QUERY),
    (URL, "?sp=rl&sig=abc"),
    (URL, "'" + URL + "'"),
    (URL, "“" + URL + "”"),
    (URL, "<" + URL + ">"),
    (QUERY, "'" + QUERY + "'"),
    (QUERY, "%22" + QUERY + "%22"),
    ("contosovhds.", "<account>."),
    ("contosovhds.", "{account}."),
    ("contosovhds.", "[account]."),
    ("contosovhds.", "%3Caccount%3E."),
    (SIG, "sig=..."),
    (SIG, "sig=…"),
    (SIG, "sig=<signature>"),
    (QUERY, "<SAS token>"),
    (QUERY, "$SAS"),
    ("%3D", "%3D "),
    ("https", " https"),
    ("?st", "? st"),
    ("T00%3A00%3A00Z&se", " 00:00:00Z&se"),
    ("&se", "\\u00a0&se"),
    ("&sig", "\\u200b&sig"),
]

CASES = [
    RuleCase("sas.url", FIELD, "[skus.image]", ((LINE, ""),)),
    token("sas.url", (URL, " ")),
    token("sas.url", ("?", "")),
    token("sas.url", ("?", "&")),
    token("sas.url", ("?", "%3F")),
    token("sas.url", ("?" + QUERY, "?")),
    token("sas.url", (QUERY, "hello")),
    token("sas.url", ("https://", "http://")),
    token("sas.url", ("https://", "")),
    token("sas.url", ("contosovhds.blob.core.windows.net", "")),
    token("sas.url", (".vhd?", ".vhdx?")),
    token("sas.url", (".vhd?", ".VHDX?")),
    token("sas.url", (".vhd?", ".vhdfixed?")),
    token("sas.url", (".vhd?", ".vhd.gz?")),
    token("sas.url", ("/contoso-vault-solo-1.4.2.vhd", "")),
    *(token("sas.url", edit) for edit in COPIED_WRONG),
    token("sas.signature", ("&" + SIG, "")),
    token("sas.signature", (SIG, "sig=")),
    token("sas.signature", (QUERY, START)),
    token("sas.signature", (SIG, "sig=wGikyL3LXS5a66U2")),
    token("sas.signature", (SIG, SIG[:-3])),
    token("sas.signature", ("NOT%2B", "NOT+")),
    token("sas.signature", (SIG, SIG.replace("%", "%25"))),
    token("sas.signature", (SIG, "sig=BoZh+1sadbfxQg%252Fz")),
    token("sas.signature", ("NOT%2B", "NOT-")),
    token("sas.signature", ("&" + SIG, "&sip=203.0.113.7&" + SIG)),
    token("sas.dates", (START + "&", "")),
    token("sas.dates", ("&" + END, "")),
    token("sas.dates", (START + "&", ""), (END + "&", "")),
    token("sas.dates", (START, "st=2026-11-21")),
    token("sas.dates", (START + "&", ""), (END, "se=2027-01-15")),
    token("sas.dates", (END, "se=2027-01-15T00%3A00%3A00")),
    token("sas.dates", (END, "se=2027-02-30T00%3A00%3A00Z")),
    token("sas.dates", (START, "st=the twenty-first of November 2026".replace(" ", "%20")),
          (END, "se=2027-01-15T00%3A00%3A00")),
    token("sas.permissions", ("sp=rl&", "")),
    token("sas.permissions", ("sp=rl", "sp=r")),
    token("sas.permissions", ("sp=rl", "sp=l")),
    token("sas.permissions", ("sp=rl", "sp=racwdxyl")),
    *(token("sas.permissions", ("sp=rl", f"sp=rl{letter}")) for letter in "wdacxy"),
    token("sas.permissions", ("sp=rl", "sp=wdacxy")),
    token("sas.container", ("&sr=c", "")),
    token("sas.container", ("&sr=c", "&ss=b&srt=sco")),
    token("sas.container", ("&sr=c", "&srt=co")),
    token("sas.container", ("sr=c", "sr=C")),
    token("sas.window", *times(NOW, NOW + 21 * DAY - SECOND)),
    token("sas.window", *times(NOW - DAY, NOW + 7 * DAY)),
    token("sas.window", *times(NOW + SECOND, NOW + 90 * DAY)),
    token("sas.window", *times(NOW + DAY, NOW + 9 * DAY)),
    token("sas.window", ("&" + SIG, f"&{USER_KEY}&{SIG}")),
    token("sas.expired", *times(NOW - 60 * DAY, NOW - SECOND)),
    token("sas.expired", ("&" + SIG, f"&{USER_KEY.replace('11-28', '11-22')}&{SIG}")),
    token("sas.expired", *times(NOW - 60 * DAY, NOW), severity="warning"),
    token("sas.expired", *times(NOW - 60 * DAY, NOW + 16 * DAY - SECOND), severity="warning"),
    RuleCase("sas.url", DISK_FIELD, "{ lun = 0 }", ((DISK, "{ lun = 0 },"),)),
    RuleCase("sas.permissions", DISK_FIELD, "{ lun", ((DISK, DISK.replace("sp=rl", "sp=rwl")),)),
]  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        token("", *times(NOW, NOW + 21 * DAY)),
        token("", *times(NOW - 60 * DAY, NOW + 16 * DAY)),
        token("", (START, "st=2026-11-21T00:00:00Z")),
        token("", (START, "st=2026-11-21T02%3A00%3A00%2B02%3A00")),
        token("", (START, "st=2026-11-21T02:00:00+02:00")),
        token("", (START, "st=2026-11-21T00%3A00Z"), (END, "se=2027-01-15T00:00Z")),
        token("", (END, "se=2027-01-15T00%3A00%3A00.0000000Z")),
        token("", ("sp=rl", "sp=lr")),
        token("", ("https://", "HTTPS://")),
        token("", (".vhd?", "%2Evhd?")),
        token("", (SIG, SIG.replace("0000%3D", "00/0="))),
    ],
    ids=name_of,
)
def test_at_the_edge_is_in_order(case: RuleCase) -> None:
    assert findings(VAULT, *case.edits) == []


@pytest.mark.parametrize("place", ["UTC0", "<+0545>-5:45", "<-08>8"])
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_what_is_asked_for_holds_all_day_and_is_said_in_the_same_words(
    hour: int, place: str, zone: Callable[[str], None]
) -> None:
    zone(place)
    short = token("sas.window", *times(datetime(2026, 11, 21), datetime(2026, 11, 30)))
    begins = datetime(2026, 11, 22, hour, 59).astimezone()
    (found,) = findings(VAULT, *short.edits, now=begins.astimezone(UTC))
    assert found.message.endswith("Create one valid until 14 Dec 2026 or later.")
    ends = datetime(2026, 12, 14).astimezone()
    new = token("", *times(begins.astimezone(UTC), ends.astimezone(UTC)))
    assert findings(VAULT, *new.edits, now=begins.astimezone(UTC)) == []


def test_dates_are_signed_so_no_message_says_what_to_write_in_their_place() -> None:
    dates = token("sas.dates", (START, "st=2026-11-21"), (END, "se=2027-01-15"))
    assert finding_of(dates).message == (
        "st=2026-11-21 is incomplete and se=2027-01-15 is incomplete. Expected date, time and zone. "
        "Create a new token: st and se are signed, not editable."
    )


def test_every_fault_of_a_token_is_told() -> None:
    line = 'os_vhd_url = "http://acct.example/vhds/db.vhdx?st=2026-11-21&sp=w"'
    assert [each.rule for each in findings(VAULT, (LINE, line))] == [
        "sas.container",
        "sas.dates",
        "sas.permissions",
        "sas.signature",
        "sas.url",
        "sas.url",
    ]


@pytest.mark.parametrize(
    "edits",
    [(), (("sp=rl", "sp=rwl"),), (("?st=", "?se=2015-06-09&st="),)],
)
def test_addresses_in_production_may_have_any_token(edits: tuple[Edit, ...]) -> None:
    much_later = datetime(2030, 1, 1, tzinfo=UTC)
    assert findings(SEARCH, *edits, now=much_later, **listed(SEARCH)) == []


def test_a_disk_may_take_an_address_that_is_in_production_elsewhere_in_its_sku() -> None:
    edits = (("search-fleet-2.3.0.vhd", "x"), ("search-index-2.3.0.vhd", "search-fleet-2.3.0.vhd"),
             ("x?", "search-index-2.3.0.vhd?x"))  # fmt: skip
    rules = {each.rule for each in findings(SEARCH, *edits, **listed(SEARCH))}
    assert rules == {"image.version"}


@pytest.mark.parametrize(
    ("edits", "rule"),
    [
        ([('identifier = "search-one"', 'identifier = "search-1"')], "lock.identifier"),
        ([('identifier = "search-one"', 'identifer = "search-one"')], "file.key"),
        (
            [
                ('identifier = "search-one"', 'identifier = "search-new"'),
                ('title = "One index"', 'title = "Two indexes"'),
            ],
            "sku.withdrawn",
        ),
    ],
)
def test_an_address_in_production_is_known_whatever_its_sku_is_called_now(
    edits: list[Edit], rule: str
) -> None:
    much_later = datetime(2030, 1, 1, tzinfo=UTC)
    found = findings(SEARCH, *edits, now=much_later, **listed(SEARCH))
    assert [each.rule for each in found] == [rule]


def test_an_address_is_taken_apart() -> None:
    sas = parse_sas(URL)
    assert sas.address == ADDRESS
    assert (sas.scheme, sas.host) == ("https", "contosovhds.blob.core.windows.net")
    assert (sas.container, sas.blob) == ("vhds", "contoso-vault-solo-1.4.2.vhd")
    assert sas.starts == datetime(2026, 11, 21, tzinfo=UTC)
    assert sas.ends == datetime(2027, 1, 15, tzinfo=UTC)
    assert sas.permissions == {"r", "l"}
    assert sas.parameters["sig"].startswith("NOT+a+real+key")


_ODD = st.text("https://?&=%.vhd aZ0-:+#[]／\n\u200b", max_size=80)


@given(st.text() | _ODD | _ODD.map("https://{}".format))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_taken_apart(text: str) -> None:
    assert parse_sas(text).permissions <= set(text) | set(parse_sas(text).parameters.get("sp", ""))


@given(st.datetimes(), st.datetimes(), st.sampled_from(["Z", "%2B14:00", "-14:00", "%2B99:00"]))
@settings(max_examples=50, deadline=None)
def test_any_dates_are_judged_in_two_lines(starts: datetime, ends: datetime, zone: str) -> None:
    line = LINE.replace(START, f"st={starts:%Y-%m-%dT%H:%M:%S}{zone}")
    line = line.replace(END, f"se={ends:%Y-%m-%dT%H:%M:%S}{zone}")
    found = findings(VAULT, (LINE, line))
    assert {each.rule for each in found} <= {"sas.dates", "sas.window", "sas.expired"}
    assert all(len(each.message) <= 156 for each in found)


@pytest.mark.parametrize(
    "edit",
    [
        *COPIED_WRONG,
        ("?", ""),
        ("?", "&"),
        (URL, QUERY),
        (URL, SIG),
        ("contoso-vault-solo-1.4.2.vhd?", ""),
        (QUERY, QUERY.replace("&", ";")),
        ("0000%3D", "00 00%3D"),
        (SIG, SIG[:-3]),
    ],
    ids=name_of,
)
def test_no_message_holds_any_part_of_a_signature(edit: Edit) -> None:
    line = LINE.replace(*edit, 1)
    found = findings(VAULT, (LINE, line))
    shown = [parse_sas(line.split('"')[1]).address, *(each.message for each in found)]
    assert found and not any(part in each for each in shown for part in ("NOT", "000000"))


def test_a_check_says_the_same_twice_within_a_minute() -> None:
    for case in CASES:
        if case.rule in ("sas.window", "sas.expired", "sas.dates"):
            now, later = (findings(VAULT, *case.edits, now=NOW + n * DAY / 1440) for n in (30, 31))
            assert now == later
