"""Who may ask what, and when: every situation of an offer against every command."""

import pytest

from state.conditions import ACTIONS, reasons_against
from state.events import Kind
from state.findings import Finding, Refusal, Severity
from state.fields import ROOT
from state.lifecycle import Command, decide
from state.publisher import Rehearsal, Roles
from state.stages import CHECKLISTS, PRODUCTION_CERTIFICATION
from state.status import START, Status
from tests.journeys import ROLES, D, Journey, S, T, V

RULES = {
    "w": "status.wrong",
    "b": "status.busy",
    "d": "status.draft",
    "P": "role.publisher",
    "A": "role.approver",
    "E": "four_eyes",
    "H": "history.broken",
    "c": "certification.current",
    "s": "staging.current",
    "t": "staging.tested",
}
"""The letters of the table: each is a reason; a dot says that the command is allowed."""

COMMANDS = {
    "certify": "cert", "stage": "stag", "tested": "test", "request": "rqst", "approve": "appr",
    "reject": "rjct", "cancel": "canc", "tested --production": "ptst", "discard": "disc",
    "rename": "renm", "revert": "revt", "edit": "edit", "remark": "rmrk",
}  # fmt: skip

TO_STAGED = "certify wait stage wait"
TO_REQUEST = f"{TO_STAGED} tested request"
TO_REVIEW = f"{TO_REQUEST} wait"
TO_LISTED = f"{TO_REVIEW} as:maria approve as:ana"
TO_AVAILABLE = f"{TO_LISTED} wait"
TO_REJECTED = f"{TO_REVIEW} as:maria reject as:ana"

SITUATIONS = {
    "draft": "",
    "certifying": "certify",
    "certification failed": "fail:certification certify wait",
    "certified": "certify wait",
    "staging": "certify wait stage",
    "staging failed": "certify wait fail:staging.replication stage wait",
    "staged": TO_STAGED,
    "staged and tested": f"{TO_STAGED} tested",
    "staged, new text": f"{TO_STAGED} tested to:A'",
    "staged, new image": f"{TO_STAGED} tested to:B",
    "staged, certifying": f"{TO_STAGED} tested to:B certify",
    "in validation": TO_REQUEST,
    "in final review": TO_REVIEW,
    "rejected": TO_REJECTED,
    "rejected, new image": f"{TO_REJECTED} to:B",
    "listed": TO_LISTED,
    "listed, new text": f"{TO_LISTED} to:A'",
    "available": TO_AVAILABLE,
    "available, new text": f"{TO_AVAILABLE} to:A'",
    "available, new image": f"{TO_AVAILABLE} to:B",
    "update staging": f"{TO_AVAILABLE} to:A' stage",
    "update failed": f"{TO_AVAILABLE} to:A' fail:staging.replication stage wait",
    "update staged": f"{TO_AVAILABLE} to:A' stage wait tested",
    "update in review": f"{TO_AVAILABLE} to:A' stage wait tested request wait",
    "update rejected": f"{TO_AVAILABLE} to:A' stage wait tested request wait as:maria reject as:ana",
}

BY_STATUS = """
situation            | cert stag test rqst appr rjct canc ptst disc renm revt edit rmrk
---------------------|-----------------------------------------------------------------
draft                |  .   c    w   cst   w    w    w    w    .    .    .    .    .
certifying           |  b   bc   b   bcst  w    w    .    b    .    b    .    .    .
certification failed |  .   c    w   cst   w    w    w    w    .    .    .    .    .
certified            |  w   .    w   st    w    w    w    w    .    .    .    .    .
staging              |  b   b    b   bst   w    w    .    b    d    d    .    .    .
staging failed       |  w   .    w   st    w    w    w    w    d    d    .    .    .
staged               |  w   .    .   t     w    w    w    w    d    d    .    .    .
staged and tested    |  w   .    .   .     w    w    w    w    d    d    .    .    .
staged, new text     |  w   .    .   st    w    w    w    w    d    d    .    .    .
staged, new image    |  .   c    .   cst   w    w    w    w    d    d    .    .    .
staged, certifying   |  b   bc   b   bcst  w    w    .    b    d    d    .    .    .
in validation        |  b   b    b   b     Ab   b    .    b    d    d    .    .    .
in final review      |  b   b    b   b     AE   .    .    b    d    d    .    .    .
rejected             |  w   .    .   .     w    w    w    w    d    d    .    .    .
rejected, new image  |  .   c    .   cst   w    w    w    w    d    d    .    .    .
listed               |  b   b    b   b     w    w    w    b    d    d    .    .    .
listed, new text     |  b   b    b   bst   w    w    w    b    d    d    .    .    .
available            |  w   .    w   w     w    w    w    .    d    d    .    .    .
available, new text  |  w   .    w   st    w    w    w    .    d    d    .    .    .
available, new image |  .   c    w   cst   w    w    w    .    d    d    .    .    .
update staging       |  b   b    b   bst   w    w    .    b    d    d    .    .    .
update failed        |  w   .    w   st    w    w    w    .    d    d    .    .    .
update staged        |  w   .    .   .     w    w    w    .    d    d    .    .    .
update in review     |  b   b    b   b     AE   .    .    b    d    d    .    .    .
update rejected      |  w   .    .   .     w    w    w    .    d    d    .    .    .
"""
"""What speaks against each command where Ana asks, who is a publisher and made every request."""
