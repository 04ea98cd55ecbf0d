"""Publish: the gate, the stages of staging and production, and what moves them."""

from contextlib import suppress
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType

from state.domain.actions import APPROVE, CANCEL, PRODUCTION_TESTED, REJECT, REQUEST, STAGE, TESTED
from state.domain.errors import StorageError
from state.domain.findings import Finding, Reason
from state.domain.safe_text import short_content
from state.domain.stages import CERTIFICATION, STAGING_REPLICATION
from state.engine.compare import NoSuchVersion, release_of
from state.workspace.pipeline import Phase, StageView, pipeline_of, planned
from tui.render.lines import indented, paragraph
from tui.render.publish_rows import FIELD, awaited, missing, publish_rows
from tui.render.stage_rows import Page, plan, stage_key
from tui.screens.offer_base import OfferScreen
from tui.screens.reject import ask_for_reason
from tui.widgets.key_bar import Key

ACTIONS = {
    "stage": STAGE,
    "request": REQUEST,
    "approve": APPROVE,
    "reject": REJECT,
    "cancel": CANCEL,
}
SHORT_LABELS = {"stage": "stage", "request": "request production", "tested": "tested"}
WITHDRAWN = {CERTIFICATION: "certification", STAGING_REPLICATION: "push"}
WIDE = 125
"""The cells from which the line of keys has room for all words."""


class PublishScreen(OfferScreen):
    ABOUT = (
        "The way of the offer to its customers. The gate opens when all four steps of the "
        "walkthrough are complete; then approval to push to production can be requested. Stages "
        "continue by themselves, whether the program is open or not."
    )
    NUMBER = 2
    KEYS = ("stage", "request", "approve", "reject", "cancel", "tested")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "stage", "push to staging"),
        Binding("p", "request", "request approval to push to production"),
        Binding("a", "approve", "approve"),
        Binding("x", "reject", "reject"),
        Binding("C", "cancel", "cancel"),
        Binding("t", "tested", "the test that is next"),
        Binding("enter,l,right", "open", "open the item under the cursor", key_display="enter"),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._items: dict[str, Finding] = {}
        self._current: str | None = None

    # Painting ---------------------------------------------------------------------------------

    def repaint(self) -> None:
        page = self._page()
        self._items = missing(page.view)
        # The cursor begins at the stage that matters, and goes along when another one does.
        current = _current_key(page)
        is_there = self.rows.key in (None, self._current)
        self.rows.show(publish_rows(page, self.size.width), current if is_there else None)
        self._current = current
        self.describe()

    def keys(self) -> list[Key]:
        """The line of keys; a narrow window has shorter words for them."""
        found = super().keys()
        if self.size.width >= WIDE:
            return found
        return [key._replace(label=SHORT_LABELS.get(key.action, key.label)) for key in found]

    def why_not(self, action: str) -> tuple[Reason, ...]:
        asked = self.view.next_test if action == "tested" else ACTIONS.get(action)
        return self.view.actions[asked] if asked else ()

    def describe(self) -> None:
        """The whole of the item under the cursor, else what is awaited."""
        item = self._items.get(self.rows.key or "")
        text = item.message if item else awaited(self._page())
        role = "" if item or self.view.state.busy else "muted"
        lines = paragraph(text, self.size.width - 2, role, lines=2)
        self.status_bar.set_idle(indented(lines))

    def _page(self) -> Page:
        from state.domain.publisher import Publisher

        view, publisher = self.view, self.vitrina.publisher or Publisher()
        changes = None
        with suppress(NoSuchVersion, StorageError):
            release = release_of(self.vitrina.engine, view)
            changes = release.changes if release and release.old else None
        return Page(view, pipeline_of(view), self.vitrina.engine.actor, publisher, changes)

    # Keys -------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Go to the item in the walkthrough, or to the event that ended the stage."""
        key = self.rows.key or ""
        if item := self._items.get(key):
            self.vitrina.open_offer(self.offer, 1, item)
            return
        if key.startswith(FIELD):
            self._open_field(key.removeprefix(FIELD))
            return
        pipeline = self._page().pipeline
        for leg in pipeline.legs if pipeline else ():
            for stage in leg.stages:
                if stage_key(stage, leg) == key:
                    self._open_stage(stage)

    def _open_field(self, name: str) -> None:
        from state.workspace.field_view import field_named, finding_at
        from tui.screens.field import FieldScreen

        if field := field_named(self.view, name):
            self.app.push_screen(FieldScreen(self.offer, finding_at(self.view, field)))
            return
        self.status_bar.show_message(f"The draft no longer has the field {name}.")

    def _open_stage(self, stage: StageView) -> None:
        if stage.event:
            from tui.screens.event import EventScreen

            self.app.push_screen(EventScreen(self.offer, stage.event))
        elif stage.phase is Phase.WAITING:
            self.action_approve()
        else:
            state = "is under way" if stage.phase is Phase.RUNNING else "has not begun"
            self.status_bar.show_message(
                f"{stage.title.capitalize()} {state}. {awaited(self._page())}"
            )

    def action_edit(self) -> None:
        item = self._items.get(self.rows.key or "")
        file, line = (item.file, item.line) if item else (None, None)
        self.vitrina.edit_file(self.view, line, file)

    def action_stage(self) -> None:
        if not self._refused("stage"):
            question = f"Push content {self._content()} to staging? {self._plan('staging')}"
            self.ask_to(STAGE, question, "Pushed to staging.")

    def action_request(self) -> None:
        if not self._refused("request"):
            asks = f"Request approval to push content {self._content()} to production?"
            done = "Approval to push to production is requested."
            self.ask_to(REQUEST, f"{asks} {self._plan('production')}", done)

    def action_approve(self) -> None:
        """Show what changes for customers, and ask for the approval there."""
        if not self._refused("approve"):
            from tui.screens.review import ReviewScreen

            self.app.push_screen(ReviewScreen(self.offer))

    def action_reject(self) -> None:
        if not self._refused("reject"):
            done = "Rejected: the publisher reads the reason here."
            ask_for_reason(self, lambda outcome: self.show_outcome(outcome, done))

    def action_cancel(self) -> None:
        run = self.view.state.run
        if self._refused("cancel") or run is None:
            return
        what = WITHDRAWN.get(run.stage.name, "request")
        question = f"Withdraw the {what}? The offer is {run.before.status.words} again."
        done = f"The {what} is withdrawn."
        self.ask_to(CANCEL, question, done, no=f"The {what} continues.")

    def action_tested(self) -> None:
        """Record the test that is next: open the staging checklist, or ask about production."""
        production = self.view.state.production
        if self._refused("tested"):
            return
        if self.view.next_test == TESTED:
            from tui.screens.checklist import ChecklistScreen

            self.app.push_screen(ChecklistScreen(self.offer))
            return
        if production is None:
            return
        content = short_content(production.content)
        question = f"Record the customer scenarios as tested in production, for content {content}?"
        done = "Recorded: the customer scenarios are tested in production."
        self.ask_to(PRODUCTION_TESTED, question, done)

    def _refused(self, action: str) -> bool:
        if self.vitrina.trouble:
            self.status_bar.show_message(self.vitrina.trouble, "bad")
            return True
        reasons = self.why_not(action)
        if reasons:
            self.explain(reasons)
        return bool(reasons)

    def _content(self) -> str:
        return short_content(self.view.content.hash if self.view.content else None)

    def _plan(self, leg: Literal["staging", "production"]) -> str:
        pipeline = planned(self.view)
        if pipeline is None:
            return ""
        stages = pipeline.staging.stages if leg == "staging" else pipeline.production.stages
        return plan(self._page(), stages)


def _current_key(page: Page) -> str | None:
    """The row of the stage that is under way, or of the one that failed."""
    failed = None
    for leg in page.pipeline.legs if page.pipeline else ():
        if leg.current:
            return stage_key(leg.current, leg)
        for stage in leg.stages:
            if stage.phase is Phase.FAILED:
                failed = stage_key(stage, leg)
    return failed
