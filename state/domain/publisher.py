"""The publisher's file, as its words: who publishes, who may act, and which marketplace answers."""

from datetime import date

from state.domain.model import Model

PUBLISHER_FILE = "publisher.toml"
"""The name of the publisher's file in a working directory."""


class Approval(Model):
    azure_certified: bool = False
    """The publisher has been approved: virtual machines, developer services, solution templates."""
    solution_templates: bool = False
    """Approved to publish solution templates, which allows a virtual machine's hidden SKUs."""
    four_eyes: bool = True
    """Whoever approves is not whoever requested. Fixed for a request when it is made."""


class Registration(Model):
    company: str = "not-started"
    """Company registration: not-started, submitted or approved."""
    tax: str = "not-started"
    """Tax registration: not-started, submitted or approved."""
    payout: str = "not-started"
    """Payout account: not-started, submitted or approved."""
    agreement: date | None = None
    """The day on which the publisher agreement was accepted."""


class Roles(Model):
    """Account names of this machine; a name left out may only read."""

    publishers: tuple[str, ...] = ()
    """Who edits, certifies, stages, requests and discards."""
    approvers: tuple[str, ...] = ()
    """Who gives the final review."""


class Rehearsal(Model):
    """How long each stage of the built-in marketplace takes, in seconds."""

    certification: float = 2
    """Certification, asked for in step 3 or within a request."""
    content_validation: float = 2
    """Validation of the marketing content."""
    replication: float = 5
    """Replication, to staging and to production."""
    final_review: float | str = "manual"
    """manual, when a person decides in the program; or seconds."""
    fail: tuple[str, ...] = ()
    """Stages that fail on purpose, for practice, such as staging.replication."""


class Marketplace(Model):
    backend: str = "rehearsal"
    """rehearsal: the built-in marketplace; nothing leaves the machine."""
    rehearsal: Rehearsal = Rehearsal()
    """The settings of the built-in marketplace."""


class Publisher(Model):
    namespace: str = ""
    """The publisher's namespace: lower-case letters, digits and hyphens."""
    display_name: str = ""
    """The name that customers see."""
    website: str = ""
    """The publisher's web site."""
    account: str = ""
    """The e-mail address of the account that registered."""
    sell_from: str = ""
    """The country the publisher sells from (ISO 3166-1 alpha-2)."""
    approval: Approval = Approval()
    """What the marketplace has approved."""
    registration: Registration = Registration()
    """How far the company's registration has come."""
    roles: Roles | None = None
    """Who may do what. Without this table everybody may do everything."""
    marketplace: Marketplace = Marketplace()
    """The marketplace that answers."""
