"""The page: where the offer stands, what blocks it, what changes, what was done."""

from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from state.domain.actions import REQUEST
from state.domain.changes import Change
from state.domain.errors import StorageError
from state.domain.events import Event
from state.domain.findings import Finding
from state.domain.publisher import Publisher
from state.domain.safe_text import plural, short_content
from state.domain.stages import CERTIFICATION
from state.domain.steps import Step
from state.engine import Engine
from state.engine.commit_stamp import format_commit
from state.engine.compare import (
    DRAFT,
    PRODUCTION,
    Comparison,
    NoSuchVersion,
    comparison_of,
    side_of,
)
from state.workspace.display_value import format_value
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import Phase, StageView, pipeline_of
from state.workspace.remarks import REMARK
from tui.render.diff_lines import Words, word_changes
from tui.render.walkthrough_rows import remark_findings
from tui.render.words import day, format_future_event, format_policy
from tui.report.customer import customer_values
from tui.report.markup import cleaned, simple_html, when

MOST_WORDS = 4_000
"""How many characters of a value may be compared word by word; longer ones are shown whole."""

_PHASES = {
    Phase.TO_COME: "todo",
    Phase.RUNNING: "now",
    Phase.WAITING: "now",
    Phase.DONE: "good",
    Phase.FAILED: "bad",
    Phase.SKIPPED: "off",
}


Item = tuple[str, str, list[str]]
"""A line of a list: the role of its sign, a text, and details in smaller print."""


def report_page(engine: Engine, offer: str) -> str:
    """One page of HTML about an offer: about the candidate that is under way, else the draft.

    Raises:
        UnknownOfferError: There is no such offer.
        StorageError: Something cannot be read.
    """
    view = engine.offer(offer)
    run = view.state.run
    candidate = run.version.content if run and run.stage.name != CERTIFICATION else None
    content = candidate or (view.content.hash if view.content else None)
    try:
        shown = side_of(engine, view, candidate or DRAFT)
        customer = customer_values(shown.offer, shown.assets)
    except (NoSuchVersion, StorageError):
        customer = {"offer": None}
    return page_template().render(
        customer,
        actor=engine.actor,
        blocked=list(blocked(view)),
        candidate=candidate,
        checklist=list(checklist(view, content)),
        comparison=against_production(engine, view, candidate),
        content=content,
        notices=list(notices(view, candidate)),
        pipeline=pipeline_of(view),
        publisher=engine.publisher or Publisher(),
        steps=steps(view),
        view=view,
    )


def page_template() -> Template:
    """The template of the page, with what it needs to show values."""
    environment = Environment(
        loader=PackageLoader("tui.report"),
        autoescape=True,
        finalize=cleaned,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    filters = (event_details, pieces, plural, short_content, simple_html, stage_item, when)
    environment.filters |= {each.__name__: each for each in filters}
    return environment.get_template("page.html")


def against_production(engine: Engine, view: OfferView, candidate: str | None) -> Comparison | str:
    """What differs from production, or why that is not known."""
    if view.state.production is None:
        return "Nothing of this offer is in production yet: all of it is new to customers."
    try:
        return comparison_of(engine, view, PRODUCTION, candidate)
    except (NoSuchVersion, StorageError) as error:
        return f"Comparison with production failed: {error}"


def notices(view: OfferView, candidate: str | None) -> Iterator[str]:
    """What a reader has to know before anything else."""
    if view.trouble:
        yield view.trouble
    if event := view.from_the_future:
        yield format_future_event(event)
    if candidate:
        yield "This report shows and compares the candidate that is under way." + (
            " The file was edited since; the four steps are about the file." * view.edited
        )
    if rejection := view.state.rejection:
        fields = f" ({', '.join(rejection.fields)})" if rejection.fields else ""
        yield f"Rejected by {rejection.by} on {day(rejection.at, view.now)}: {rejection.reason}{fields}"


def blocked(view: OfferView) -> Iterator[Item]:
    """The reasons why approval to push to production cannot be requested."""
    to_fix = {(each.rule, each.message) for each in view.to_fix}
    for reason in view.actions[REQUEST]:
        role = "bad" if (reason.rule, reason.message) in to_fix else "todo"
        step = f"step {reason.step}" if reason.step else None
        yield role, reason.message, [each for each in (reason.rule, step, reason.field) if each]


def steps(view: OfferView) -> Iterator[tuple[Step, str, str, list[Item]]]:
    """The four steps, each with its role, its state in words and its findings and remarks."""
    remarks = view.locate(remark_findings(view))
    for step in view.located_steps:
        to_fix = sum(not each.progress for each in step.errors)
        role, words = "good", "complete"
        if not step.required:
            role, words = "off", "not required"
        elif to_fix:
            role, words = "bad", f"{to_fix} to fix"
        elif not step.complete:
            role, words = "todo", f"{len(step.errors)} to do" if step.errors else "not known yet"
        found = [*step.findings, *(each for each in remarks if each.step == step.number)]
        yield step, role, words, [finding_item(each) for each in found]


def finding_item(found: Finding) -> Item:
    """A finding with its rule, field, place and asset; the message of a remark names its field."""
    role = "todo" if found.progress else "bad" if found.is_error else "warn"
    details = [] if found.rule == REMARK else [found.rule, str(found.field)]
    if not found.progress:
        details.append(f"{found.file}:{found.line}" if found.line else found.file)
    details.append(found.asset or "")
    return role, found.message, list(dict.fromkeys(filter(None, details)))


def stage_item(stage: StageView) -> Item:
    """A stage: how far it has come, when it ended, and why it failed or is skipped."""
    words = stage.phase.value if stage.phase is not Phase.DONE else None
    if stage.fraction is not None:
        words = f"{int(stage.fraction * 100)} %"
    details = (words, when(stage.event.at) if stage.event else None, stage.why)
    return _PHASES[stage.phase], f"{stage.title}:", [each for each in details if each]


def pieces(change: Change, found: Comparison) -> list[Words]:
    """A changed value word by word, or whole where it is very long or one side has none."""
    old = format_value(change.old, found.old.assets)
    new = format_value(change.new, found.new.assets)
    if old is None or new is None or len(old) + len(new) > MOST_WORDS:
        return [Words(old or "", new or "")]
    return word_changes(old, new)


def checklist(view: OfferView, content: str | None) -> Iterator[Item]:
    """The points of the staging checklist, and the test in production."""
    if view.kind is None or content is None:
        return
    passed = view.state.points_passed(content)
    points = {title: point in passed for point, title in view.kind.checklist.items()}
    points["Customer scenarios in production"] = content in view.state.production_tested
    for title, is_passed in points.items():
        role, words = ("good", "passed") if is_passed else ("todo", "not recorded")
        yield role, f"{title}:", [words]


def event_details(event: Event) -> list[str]:
    """The fields or points that an event is about, its commit, and the policy of a request."""
    named = [*(event.data.get("fields") or ()), *(event.data.get("points") or ())]
    more = (", ".join(map(str, named)), format_commit(event), format_policy(event))
    return [each for each in more if each]
