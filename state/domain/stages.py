"""The stages of the marketplace and the staging checklist, as tables.

One edit here corrects what was inferred about the marketplace; nothing else repeats it.
"""

from collections.abc import Mapping

from state.domain.offer import OfferType

CERTIFICATION = "certification"
STAGING_REPLICATION = "staging.replication"
PRODUCTION_CERTIFICATION = "production.certification"
CONTENT_VALIDATION = "production.content_validation"
FINAL_REVIEW = "production.final_review"
PRODUCTION_REPLICATION = "production.replication"

STAGES: Mapping[str, str] = {
    CERTIFICATION: "certification",
    STAGING_REPLICATION: "replication to staging",
    PRODUCTION_CERTIFICATION: "certification",
    CONTENT_VALIDATION: "content validation",
    FINAL_REVIEW: "final review",
    PRODUCTION_REPLICATION: "replication to production",
}
"""Every stage and what it is called."""

NEEDS_CERTIFICATION = frozenset({OfferType.VIRTUAL_MACHINE, OfferType.SOLUTION_TEMPLATE})
"""The types whose technical content is certified in step 3 (documented)."""

CERTIFIED_IN_PRODUCTION = NEEDS_CERTIFICATION | {OfferType.DEVELOPER_SERVICE}
"""The types that are certified within a production request (documented)."""

NEEDS_APPROVAL = CERTIFIED_IN_PRODUCTION
"""The types that only an approved publisher may publish (documented)."""

REAL_DURATION: Mapping[str, str] = {
    STAGING_REPLICATION: "24 to 48 h",
    PRODUCTION_REPLICATION: "24 to 48 h",
}
"""What the documentation says of a stage's length in a real marketplace."""


def real_duration(stage: str, kind: OfferType | None) -> str | None:
    """How long a stage takes in a real marketplace, as the documentation says it.

    Args:
        stage: The stage's name.
        kind: The offer's type, None where it cannot be told.

    Returns:
        The words, None where nothing is said.
    """
    if stage == STAGING_REPLICATION and kind is OfferType.DATA_SERVICE:
        return "10 to 15 min"
    return REAL_DURATION.get(stage)


_COMMON = {"marketing": "Marketing content shows correctly"}
_DEPLOYMENT = {**_COMMON, "deployment": "The offer deploys end to end"}

CHECKLISTS: Mapping[OfferType, Mapping[str, str]] = {
    OfferType.VIRTUAL_MACHINE: _DEPLOYMENT,
    OfferType.SOLUTION_TEMPLATE: _DEPLOYMENT,
    OfferType.DEVELOPER_SERVICE: {
        **_COMMON,
        "purchase": "A plan can be bought",
        "upgrade": "A plan can be upgraded",
        "deletion": "A purchase can be deleted",
    },
    OfferType.DATA_SERVICE: {
        **_COMMON,
        "logo": "Logo",
        "name": "Offer name",
        "publisher-link": "Link to the publisher",
        "categories": "Categories",
        "support-link": "Support link",
        "description": "Description",
        "plans": "Plans and billing",
        "code-link": "Link to code",
        "sample-images": "Sample images",
        "metadata": "Input and output metadata",
        "terms-of-use": "Terms of use",
        "data-preview": "Data preview",
    },
}
"""The points of the staging checklist of each type: name and what is looked at."""


def production_stages(kind: OfferType, *, marketing_only: bool) -> tuple[str, ...]:
    """The stages that a production request goes through.

    Args:
        kind: The offer's type.
        marketing_only: The offer is in production and only marketing content differs from it.

    Returns:
        The stages, in order.
    """
    certified = kind in CERTIFIED_IN_PRODUCTION and not marketing_only
    first = (PRODUCTION_CERTIFICATION,) if certified else ()
    return (*first, CONTENT_VALIDATION, FINAL_REVIEW, PRODUCTION_REPLICATION)
