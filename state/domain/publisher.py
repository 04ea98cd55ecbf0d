"""The publisher's file, as its tables: who publishes, who may act, and which marketplace answers."""

from typing import Annotated

from pydantic import Field

from state.domain.stages import DEFAULT_SETTINGS, STAGES
from state.domain.table import Day, Items, Mark, Seconds, SecondsOrText, Table, inner

RegistrationState = Annotated[str, Mark(choices=("not-started", "submitted", "approved"))]


class Approval(Table):
    azure_certified: bool = Field(
        default=False,
        description="The publisher has been approved: virtual machines, developer services, solution "
        "templates.",
    )
    solution_templates: bool = Field(
        default=False,
        description="Approved to publish solution templates, which allows a virtual machine's hidden "
        "SKUs.",
    )
    four_eyes: bool = Field(
        default=True,
        description="Whoever approves is not whoever requested. Fixed for a request when it is made.",
    )


class Registration(Table):
    company: RegistrationState = Field(
        default="not-started",
        description="Company registration: not-started, submitted or approved.",
    )
    tax: RegistrationState = Field(
        default="not-started",
        description="Tax registration: not-started, submitted or approved.",
    )
    payout: RegistrationState = Field(
        default="not-started",
        description="Payout account: not-started, submitted or approved.",
    )
    agreement: Day | None = Field(
        default=None,
        description="The day on which the publisher agreement was accepted.",
    )


class Roles(Table):
    """Account names of this machine; an account that is not named may only read."""

    publishers: Items[str] = Field(
        default=(),
        description="Who edits, certifies, stages, requests and discards.",
    )
    approvers: Items[str] = Field(default=(), description="Who gives the final review.")


class Rehearsal(Table):
    """How long each stage of the built-in marketplace takes, in seconds."""

    certification: Seconds = Field(
        default=DEFAULT_SETTINGS["certification"],
        description="Certification, asked for in step 3 or within a request.",
    )
    content_validation: Seconds = Field(
        default=DEFAULT_SETTINGS["content_validation"],
        description="Validation of the marketing content.",
    )
    replication: Seconds = Field(
        default=DEFAULT_SETTINGS["replication"],
        description="Replication, to staging and to production.",
    )
    final_review: SecondsOrText = Field(
        default=DEFAULT_SETTINGS["final_review"],
        description="manual, when a person decides in the program; or seconds.",
    )
    fail: Items[Annotated[str, Mark(choices=tuple(STAGES))]] = Field(
        default=DEFAULT_SETTINGS["fail"],
        description="Stages that fail on purpose, for practice, such as staging.replication.",
    )


class Marketplace(Table):
    backend: str = Field(
        default="rehearsal",
        description="rehearsal: the built-in marketplace; nothing leaves the machine.",
    )
    rehearsal: Rehearsal = inner(Rehearsal, "The settings of the built-in marketplace.")


class Publisher(Table):
    namespace: str = Field(
        default="",
        description="The publisher's namespace: lower-case letters, digits and hyphens.",
    )
    display_name: str = Field(default="", description="The name that customers see.")
    website: str = Field(default="", description="The publisher's web site.")
    account: str = Field(
        default="", description="The e-mail address of the account that registered."
    )
    sell_from: str = Field(
        default="",
        description="The country the publisher sells from (ISO 3166-1 alpha-2).",
    )
    approval: Approval = inner(Approval, "What the marketplace has approved.")
    registration: Registration = inner(
        Registration, "How far the company's registration has progressed."
    )
    roles: Roles | None = Field(
        default=None,
        description="Who may do what. Without this table everybody may do everything.",
    )
    marketplace: Marketplace = inner(Marketplace, "The marketplace that answers.")
