"""The text of new files: every field with what it is for, what is required there and empty."""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from state.files.rendering import value_text
from state.model import Model
from state.offer import OFFER_MODELS, OfferType
from state.publisher import Publisher
from state.shapes import Shape, Slot, slots
from state.tree import descriptions

SCHEMA_FILE = "vitrina.schema.json"
"""What the schema of definitions is called beside them."""

_HEAD = """\
{first}
# An offer: {offer}, a {kind}.
# Fill in what is empty; "vitrina check {offer}" says what is missing and what is wrong.
# Lines that begin with "# key =" are optional: take the "# " away to use them.
"""
_HINT = f'# vitrina schema > {SCHEMA_FILE}, then: #:schema ./{SCHEMA_FILE}'
_PUBLISHER_HEAD = """\
# Who publishes. One file for the whole directory: every offer beside it is published under
# this name. Lines that begin with "# key =" are optional: take the "# " away to use them.
"""

_OPTIONAL: Mapping[str, str] = {
    "marketing.terms_file": '"legal/terms.html"',
    "marketing.links": '[{ title = "Documentation", url = "https://docs.example.com" }]',
    "marketing.sample_images": '["images/dashboard.png"]',
    "marketing.logos.hero": '"logos/{offer}/hero.png"',
    "skus.image.open_ports": "[443]",
    "skus.image.data_disks": '[{ lun = 0, vhd_url = "https://…" }]',
    "skus.prices": '{ US = { currency = "USD", cores = { "1" = 0.05, "2" = 0.10 } } }',
    "skus.markets": '["US", "ES"]',
    "plans.transactions": "10000",
    "plans.migrates_to": '["silver"]',
    "plans.price.base": "10.00",
    "plans.price.meters": "{ meter01 = 0.05 }",
    "registration.agreement": "2026-09-14",
    "roles.publishers": '["ana"]',
    "roles.approvers": '["maria"]',
}
"""What stands behind the ``#`` of a field that is left out."""

_EXAMPLES: Mapping[str, str] = {
    "staging.subscriptions": '[{ id = "6f3c0c2e-4b55-4d5b-9d0e-2f6f9f0a1b2c", kind = "pay-as-you-go" }]',
}
"""What a list of tables looks like, where it is required."""

_LONG_TEXTS = {"description", "terms_of_use"}
