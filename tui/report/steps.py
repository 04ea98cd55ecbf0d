"""The parts of a report about what is wrong or still to do."""

from collections.abc import Iterator, Sequence

from state.domain.actions import REQUEST
from state.domain.findings import Finding, Reason
from state.domain.safe_text import plural
from state.domain.steps import Step
from state.workspace.offer_view import OfferView
from tui.render.remark_lines import REMARK, remark_findings
from tui.report.markup import Html, Part, join, sign, tag


def blocked_part(view: OfferView) -> Iterator[Html]:
    """What keeps a production request from being made.

    Args:
        view: The offer.

    Yields:
        The reasons, or that there are none.
    """
    reasons = view.actions[REQUEST]
    if not reasons:
        yield tag("p", sign("good"), " Nothing: approval to push to production can be requested.")
        return
    to_fix = {(each.rule, each.message) for each in view.to_fix}
    rows = (
        tag("li", *_reason(each, "bad" if (each.rule, each.message) in to_fix else "todo"))
        for each in reasons
    )
    yield tag("ul", *rows, class_="plain")


def _reason(reason: Reason, role: str) -> Iterator[Part]:
    where = [f"step {reason.step}"] * bool(reason.step) + [reason.field or ""] * bool(reason.field)
    yield join(sign(role), " ", reason.message)
    yield tag("span", f" ({', '.join([reason.rule, *where])})", class_="muted")


def steps_part(view: OfferView) -> Iterator[Html]:
    """The four steps: what was found in each, and what people said about its fields.

    Args:
        view: The offer.

    Yields:
        The steps.
    """
    said = view.locate(remark_findings(view))
    for step in view.located_steps:
        yield _step(step, [each for each in said if each.step == step.number])


def _step(step: Step, said: Sequence[Finding]) -> Html:
    to_fix = sum(not each.progress for each in step.errors)
    role, words = "good", "complete"
    if not step.required:
        role, words = "off", "not required"
    elif to_fix:
        role, words = "bad", f"{to_fix} to fix"
    elif not step.complete:
        role, words = "todo", f"{len(step.errors)} to do" if step.errors else "not known yet"
    found = [*step.findings, *said]
    more = f"{plural(step.in_order, 'rule')} in order" if step.in_order else None
    return tag(
        "div",
        tag("h3", sign(role), f" {step.number}  {step.title} ", tag("span", words, class_=role)),
        tag("ul", *map(_finding, found), class_="plain") if found else None,
        tag("p", more, class_="muted") if more else None,
        class_="step",
    )


def _finding(found: Finding) -> Html:
    role = "todo" if found.progress else "bad" if found.is_error else "warn"
    place = f"{found.file}:{found.line}" if found.line else found.file
    # What people say names its field in its own words.
    about = [] if found.rule == REMARK else [found.rule, str(found.field)]
    about += [place] * (not found.progress)
    if found.asset and found.asset not in about:
        about.append(found.asset)
    return tag(
        "li",
        join(sign(role), " ", found.message),
        tag("span", f" ({', '.join(filter(None, about))})", class_="muted"),
    )
