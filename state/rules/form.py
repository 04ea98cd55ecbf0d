"""Faults that are found while a file is read: here are their entries in the table of rules."""

from state.domain.findings import PUBLISHER_FILE
from state.rules.registry import declare
from state.rules.rule import Example, Rule

declare(
    Rule(
        "file.syntax",
        3,
        "The definition is valid TOML.",
        (
            Example(
                'title = "Contoso Rates"',
                'title = "Contoso Rates',
                'The text that begins here has no closing ". Write it where the text ends. A text '
                'over several lines stands between """ and """.',
            ),
        ),
    )
)
declare(
    Rule(
        "file.key",
        3,
        "Every key is allowed in its table.",
        (
            Example(
                "policy_url = ",
                "policy_uri = ",
                'No key "policy_uri" in the table "marketing": did you mean "policy_url"?',
            ),
        ),
    )
)
declare(
    Rule(
        "file.type",
        3,
        "Every value has the TOML type of its key, and the offer a known type.",
        (
            Example(
                "open_ports = [8200]",
                'open_ports = "8200"',
                'Expected a list in brackets, such as [ … ], found the text "8200".',
            ),
        ),
    )
)
declare(
    Rule(
        "file.missing",
        3,
        "The definition of an offer with a history exists.",
        (
            Example(
                "contoso-rates.toml",
                "contoso-rates.toml.bak",
                'contoso-rates.toml is missing. Restore it with "vitrina revert contoso-rates".',
                after="stage",
            ),
        ),
    )
)
declare(
    Rule(
        "marketplace.backend",
        2,
        "The publisher file names a known marketplace.",
        (
            Example(
                'backend = "rehearsal"',
                'backend = "reharsal"',
                '"reharsal" is not a known marketplace. Write "rehearsal".',
            ),
        ),
        file=PUBLISHER_FILE,
    )
)
