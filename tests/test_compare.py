"""Two versions side by side."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.engine.compare import Class, NoSuchVersion, compare, short_hash
from tests.engine_harness import DATA, MACHINE, EngineHarness
from tui.render.diff_lines import word_changes


def test_a_draft_is_compared_with_production_else_with_what_is_staged(desk: EngineHarness) -> None:
    with pytest.raises(NoSuchVersion, match=r"never been staged.*Versions: draft\."):
        compare(desk.engine, DATA)
    desk.stage(DATA)
    assert compare(desk.engine, DATA).old.name == "staged"
    for action in ("tested", "request", "approve"):
        desk.do(DATA, action)
    compared = compare(desk.engine, DATA)
    assert (compared.old.name, compared.new.name) == ("production", "draft")
    assert (compared.class_, compared.changes) == (Class.NONE, ())
    assert compared.headline == "no difference"


def test_what_differs_has_a_class_and_consequences(desk: EngineHarness) -> None:
    desk.publish(MACHINE)
    desk.rewrite(MACHINE, 'title = "', 'title = "New ')
    marketing = compare(desk.engine, MACHINE)
    assert [change.field for change in marketing.changes] == ["marketing.title"]
    assert marketing.class_ is Class.MARKETING
    assert marketing.headline == "1 field, marketing only: certification is skipped"
    assert marketing.consequence is not None
    assert marketing.consequence.stages[0] == "staging.replication"
    assert marketing.consequence.skipped == ("certification", "production.certification")
    desk.rewrite(MACHINE, 'version = "1.4.2"', 'version = "1.4.3"')
    technical = compare(desk.engine, MACHINE)
    assert technical.class_ is Class.TECHNICAL
    assert technical.headline == "2 fields, 1 of them technical: certification is needed"
    assert technical.consequence is not None
    assert technical.consequence.stages[:2] == ("certification", "staging.replication")
    assert technical.consequence.skipped == ()
    desk.do(MACHINE, "certify")
    certified = compare(desk.engine, MACHINE)
    assert certified.headline == "2 fields, 1 of them technical: certification runs in production"
    assert certified.consequence is not None
    assert certified.consequence.words == (
        "Next push: replication to staging, certification in production, content validation, "
        "final review, replication to production; skipped: certification"
    )


TECHNICAL = {
    "contoso-grid": ('version = "', 'version = "1'),
    "contoso-mail": ('endpoint = "', 'endpoint = "https://other.example/'),
    DATA: ('address = "', 'address = "https://other.example/'),
}


@pytest.mark.parametrize("offer", TECHNICAL)
def test_the_words_about_certification_are_those_of_the_stages(
    desk: EngineHarness, offer: str
) -> None:
    desk.publish(offer)
    in_step_3 = desk.engine.offer(offer).kind.value == "solution-template"
    desk.rewrite(offer, 'title = "', 'title = "New ')
    skipped = "" if offer == DATA else ": certification is skipped"
    assert compare(desk.engine, offer).headline == f"1 field, marketing only{skipped}"
    desk.rewrite(offer, *TECHNICAL[offer])
    runs = "is needed" if in_step_3 else "runs in production"
    wanted = "" if offer == DATA else f": certification {runs}"
    found = compare(desk.engine, offer)
    assert found.headline == f"2 fields, 1 of them technical{wanted}"
    assert found.consequence is not None
    assert any("certification" in stage for stage in found.consequence.stages) == bool(wanted)


def test_a_locked_change_is_told(desk: EngineHarness) -> None:
    desk.publish(MACHINE)
    desk.rewrite(MACHINE, "hidden = false", "hidden = true")
    consequence = compare(desk.engine, MACHINE).consequence
    assert consequence is not None
    assert [lock.rule for lock in consequence.locks] == ["lock.visibility"]


def test_versions_have_names(desk: EngineHarness) -> None:
    desk.stage(DATA)
    staged = desk.engine.offer(DATA).state.staged
    assert staged is not None
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    draft = desk.engine.offer(DATA).content
    assert draft is not None
    beginning = short_hash(staged.content)[:6]
    for name in ("staged", beginning, f"sha256:{beginning}", beginning.upper(), staged.content):
        assert compare(desk.engine, DATA, name).old.content.hash == staged.content
    back = compare(desk.engine, DATA, short_hash(draft.hash), beginning)
    assert [(change.old, change.new) for change in back.changes] == [
        (draft.leaves["marketing", "title"], back.new.content.leaves["marketing", "title"])
    ]
    assert back.consequence is None
    for name in ("production", "stagd", "0" * 64, "sha256:", ""):
        with pytest.raises(NoSuchVersion, match=r"Versions: draft, staged, [0-9a-f]{12}\."):
            compare(desk.engine, DATA, name)


def test_an_unreadable_draft_says_so(desk: EngineHarness) -> None:
    desk.stage(DATA)
    desk.file(DATA).write_text("type = [")
    with pytest.raises(NoSuchVersion, match="cannot be compared"):
        compare(desk.engine, DATA)
    assert compare(desk.engine, DATA, "staged", "staged").changes == ()


def test_changed_words_are_marked() -> None:
    pieces = word_changes("Sends the e-mails that wait.", "Sends all e-mails that wait.")
    assert [(piece.old, piece.new) for piece in pieces if piece.changed] == [("the", "all")]
    assert "".join(piece.old for piece in pieces) == "Sends the e-mails that wait."


@settings(max_examples=50, deadline=None)
@given(st.text("ab \n<>.", max_size=60), st.text("ab \n<>.", max_size=60))
def test_words_make_the_texts_again(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert ("".join(each.old for each in pieces), "".join(each.new for each in pieces)) == (
        old,
        new,
    )


def test_long_texts_take_no_longer_than_a_person_waits() -> None:
    old, new = "one two " * 100_000, "three one " * 100_000
    pieces = word_changes(old, new)
    assert "".join(piece.new for piece in pieces) == new
