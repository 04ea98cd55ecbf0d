"""The stages of the marketplace."""

from collections.abc import Mapping
from typing import Any

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

DEFAULT_SETTINGS: Mapping[str, Any] = {
    "certification": 2,
    "content_validation": 2,
    "replication": 5,
    "final_review": "manual",
    "fail": (),
}
"""The settings of the rehearsal where the publisher's file names none."""
