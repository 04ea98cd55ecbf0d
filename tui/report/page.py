"""The page: where the offer stands, what blocks it, what changes, what was done."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from state.domain.changes import Change
from state.domain.events import Event, timestamp
from state.domain.safe_text import short_content
from state.domain.stages import CHECKLISTS
from state.engine import Engine
from state.engine.commit_stamp import format_commit
from state.engine.compare import Comparison
from state.rules.progress import points_passed
from state.workspace.display_value import format_value
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import Phase, StageView, pipeline_of
from state.workspace.word_diff import word_changes
from tui.render.words import day, future_words, policy_words
from tui.report.customer import customer_part
from tui.report.markup import Html, Part, join, sign, table, tag, text
from tui.report.steps import blocked_part, steps_part
from tui.report.subject import Subject, subject_of

MOST_WORDS = 4_000
"""How many characters of a value may be compared word by word; longer ones stand whole."""

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_PHASES = {
    Phase.TO_COME: "todo",
    Phase.RUNNING: "now",
    Phase.WAITING: "now",
    Phase.DONE: "good",
    Phase.FAILED: "bad",
    Phase.SKIPPED: "off",
}


def report_page(engine: Engine, offer: str) -> str:
    """One page of HTML about an offer.

    Args:
        engine: The engine.
        offer: The offer's identifier.

    Returns:
        The page, whole in itself.

    Raises:
        UnknownOfferError: There is no such offer.
        FileTrouble: Something cannot be read.
    """
    subject = subject_of(engine, offer)
    style = (Path(__file__).parent / "style.css").read_text()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{offer}: report"),
        tag("style", Html(style)),
    )
    body = tag("body", _header(subject), tag("main", *_sections(subject)), _footer(subject))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _sections(subject: Subject) -> Iterator[Html]:
    view = subject.view
    yield _section("What blocks production", *blocked_part(view))
    yield _section("The four steps", *steps_part(view))
    yield _section("The way through the marketplace", *_pipeline(view))
    yield _section("Against production", *_compared(subject))
    yield _section("Staging checklist", _checklist(subject))
    yield _section("As a customer reads it", customer_part(subject))
    yield _section("History", _history(view))


def _section(title: str, *inside: Part) -> Html:
    return tag("section", tag("h2", title), *inside)


def _when(at: datetime) -> Html:
    local = at.astimezone()
    return tag("time", local.strftime("%Y-%m-%d %H:%M %Z"), datetime=timestamp(at))


# Where it stands --------------------------------------------------------------------------------


def _header(subject: Subject) -> Html:
    view = subject.view
    status = (
        view.status.words if view.status else "unreadable" if view.unreadable else "not an offer"
    )
    status += ", edited" * (view.edited and not subject.candidate)
    facts: list[tuple[str, Part]] = [
        ("Offer", view.offer),
        ("Type", view.kind.words if view.kind else "unknown"),
        ("Publisher", subject.publisher.display_name or subject.publisher.namespace or "none yet"),
        ("Content", short_content(subject.content)),
        ("Next", view.next.text),
    ]
    if production := view.state.production:
        since = join(f"{short_content(production.content)}, since ", _when(production.at))
        facts.append(("In production", since))
    return tag(
        "header",
        tag("p", status, class_="status"),
        tag("h1", (subject.offer.marketing.title if subject.offer else "") or view.offer),
        tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts)),
        *(tag("p", notice, class_="notice") for notice in _notices(subject)),
        class_="top",
    )


def _notices(subject: Subject) -> Iterator[str]:
    view = subject.view
    if view.trouble:
        yield view.trouble
    if event := view.from_the_future:
        yield future_words(event)
    if subject.candidate:
        yield "What is under way is frozen: its content is shown here, and compared." + (
            " The file was edited since; the four steps are about the file." * view.edited
        )
    if rejection := view.state.rejection:
        fields = f" ({', '.join(rejection.fields)})" if rejection.fields else ""
        yield f"Rejected by {rejection.by} on {day(rejection.at, view.now)}: {rejection.reason}{fields}"


def _pipeline(view: OfferView) -> Iterator[Html]:
    pipeline = pipeline_of(view)
    for leg in pipeline.legs if pipeline else ():
        yield tag("h3", leg.title)
        yield tag("ul", *map(_stage, leg.stages), class_="plain")
    if pipeline is None and not view.unreadable:
        yield tag("p", "The offer's type is not known, so its stages are not known either.")


def _stage(stage: StageView) -> Html:
    words = stage.phase.value if stage.phase is not Phase.DONE else None
    if stage.fraction is not None:
        words = f"{int(stage.fraction * 100)} %"
    told: list[Part] = [words, _when(stage.event.at) if stage.event else None, stage.why]
    first, *rest = [each for each in told if each]
    return tag(
        "li",
        sign(_PHASES[stage.phase]),
        f" {stage.title}: ",
        tag("span", first, *(join(", ", each) for each in rest), class_="muted"),
    )


# What changes -----------------------------------------------------------------------------------


def _compared(subject: Subject) -> Iterator[Html]:
    found = subject.comparison
    if not isinstance(found, Comparison):
        yield tag("p", found)
        return
    yield tag("p", f"Production, then what is shown here: {found.headline}.")
    if found.changes and found.consequence:
        yield tag("p", f"{found.consequence.words[0].upper()}{found.consequence.words[1:]}.")
        locks = (
            tag(
                "li", sign("bad"), " ", lock.message, tag("span", f" ({lock.rule})", class_="muted")
            )
            for lock in found.consequence.locks
        )
        yield tag("ul", *locks, class_="plain")
    for change in found.changes:
        kind = "technical" if change.technical else "marketing"
        yield tag(
            "div",
            tag("h3", f"{change.field} ", tag("span", kind, class_="muted")),
            tag("div", *_values(change, found), class_="values"),
            class_="change",
        )


def _values(change: Change, found: Comparison) -> Iterator[Html]:
    old = format_value(change.old, found.old.assets)
    new = format_value(change.new, found.new.assets)
    if old is None or new is None or len(old) + len(new) > MOST_WORDS:
        yield tag("p", "not given" if old is None else tag("del", old), class_="old")
        yield tag("p", "not given" if new is None else tag("ins", new), class_="new")
        return
    pieces = word_changes(old, new)
    yield tag(
        "p",
        *(tag("del", each.old) if each.changed and each.old else text(each.old) for each in pieces),
        class_="old",
    )
    yield tag(
        "p",
        *(tag("ins", each.new) if each.changed and each.new else text(each.new) for each in pieces),
        class_="new",
    )


# What was done ----------------------------------------------------------------------------------


def _checklist(subject: Subject) -> Html:
    view = subject.view
    if view.kind is None or subject.content is None:
        return tag("p", "The offer's type is not known, so its checklist is not known either.")
    passed = points_passed(view.state, subject.content)
    rows = [
        tag("li", sign("good" if point in passed else "todo"), f" {title}: ",
            tag("span", "passed" if point in passed else "not recorded", class_="muted"))
        for point, title in CHECKLISTS[view.kind].items()
    ]  # fmt: skip
    tested = subject.content in view.state.production_tested
    rows.append(
        tag("li", sign("good" if tested else "todo"), " Customer scenarios in production: ",
            tag("span", "passed" if tested else "not recorded", class_="muted"))
    )  # fmt: skip
    return tag("ul", *rows, class_="plain")


def _history(view: OfferView) -> Html:
    if not view.events and view.unreadable:
        return tag("p", view.unreadable)
    if not view.events:
        return tag("p", "Nothing was asked of this offer yet.")
    rows = [
        (_when(each.at), each.who, _happened(each), short_content(each.content))
        for each in view.events
    ]
    return table(("When", "Who", "What", "Content"), rows)


def _happened(event: Event) -> Html:
    named = [*(event.data.get("fields") or ()), *(event.data.get("points") or ())]
    more = [", ".join(map(str, named))] * bool(named) + [format_commit(event), policy_words(event)]
    return join(
        event.told,
        *(tag("div", each, class_="muted") for each in more if each),
    )


def _footer(subject: Subject) -> Html:
    return tag("footer", "Made with vitrina by ", subject.actor, ", ", _when(subject.view.now))
