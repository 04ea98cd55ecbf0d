"""Faults of the file itself. They are found while it is read; here they only have their entries."""

from state.domain.publisher import PUBLISHER_FILE
from state.rules.registry import declare

declare(
    "file.syntax",
    3,
    "The definition is TOML that can be read.",
    good='title = "Contoso DB"',
    bad='title = "Contoso DB',
)
declare(
    "file.key",
    3,
    "Every key is one that its table may hold.",
    good='summary = "A database that minds itself"',
    bad='sumary = "A database that minds itself"',
)
declare(
    "file.type",
    3,
    "Every value has the TOML type of its key, and the offer a known type.",
    good="open_ports = [5432]",
    bad='open_ports = "5432"',
)
declare(
    "file.missing",
    3,
    "The definition is there.",
    good="contoso-db.toml beside publisher.toml",
    bad="contoso-db.toml removed by hand, its history still there",
)
declare(
    "marketplace.backend",
    2,
    "The publisher's file names a marketplace that there is.",
    good='backend = "rehearsal"',
    bad='backend = "reharsal"',
    file=PUBLISHER_FILE,
)
