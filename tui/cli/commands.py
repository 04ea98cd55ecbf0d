"""The table of commands. To add one, enter it here and write the function that it names.

The functions are named, not imported: the table is read on every start.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Argument(NamedTuple):
    """An argument, as argparse takes it.

    Attributes:
        names: Its name, or its flags.
        options: What argparse is told about it.
    """

    names: tuple[str, ...]
    options: Mapping[str, Any]


class Entry(NamedTuple):
    """One command.

    Attributes:
        name: What is typed.
        group: The part of the overview that it stands in: one of ``GROUPS``.
        help: What it does, in one line.
        run: The function, as ``module:function`` below ``tui.cli``.
        examples: What somebody would type.
        arguments: What it takes besides ``-C`` and ``--json``.
        answers: Whether it takes those two: it answers about a directory, without the screens.
    """

    name: str
    group: str
    help: str
    run: str
    examples: tuple[str, ...]
    arguments: tuple[Argument, ...] = ()
    answers: bool = True


GROUPS = ("Look", "Act", "Review", "Files")

STATUSES = (
    "draft", "staging", "staging-failed", "staged", "production-requested", "rejected", "listed",
    "available",
)  # fmt: skip
"""The statuses of ``state.domain.offer_state``, which takes too long to import for a table."""


TYPES = ("virtual-machine", "developer-service", "data-service", "solution-template")
"""The types of ``state.domain.offer``, for the same reason."""


def _argument(*names: str, **options: Any) -> Argument:
    return Argument(names, options)


_ID = _argument("offer", metavar="ID", help="the offer's identifier")
_IDS = _argument("offers", metavar="ID", nargs="*", help="offers; all of them when left out")
_VERSIONS = "draft, staged, production, or the beginning of a content's hash"
_NOTE = _argument("--note", metavar="TEXT", help="words for the history")


def _about(what: str) -> Argument:
    """The option of an action that is refused where it would be about another content."""
    return _argument(
        "--content", metavar="HASH",
        help=f"refuse unless this is the content of {what}: 8 or more of its digits",
    )  # fmt: skip


_ABOUT_DRAFT, _ABOUT_RUN = _about("the draft"), _about("what is under way")

_ENTRIES = (
    Entry("list", "Look", "every offer: type, steps, status, findings, what is next",
          "inspect:list_offers", ("vitrina list", "vitrina -C offers list --json")),
    Entry("check", "Look", "run the rules: every finding with its file and line",
          "inspect:check",
          ("vitrina check", "vitrina check contoso-db", "vitrina check --content-only --json"),
          (_IDS,
           _argument("--step", metavar="N", type=int, choices=(1, 2, 3, 4), action="append",
                     dest="step", help="only what is found in this step, 1 to 4; may be repeated"),
           _argument("--content-only", action="store_true",
                     help="only the content rules: not what is still to be done, which is to "
                     "certify, to push to staging and to record the test"))),
    Entry("show", "Look", "one offer: its four steps, what blocks the next one, the pipeline",
          "inspect:show", ("vitrina show contoso-db",), (_ID,)),
    Entry("history", "Look", "the events of an offer, oldest first",
          "inspect:history",
          ("vitrina history contoso-db",
           "vitrina history contoso-db --by maria --kind rejected --since 30d"),
          (_ID,
           _argument("--by", metavar="WHO", action="append",
                     help="only what this person did, by the beginning of the name; may be repeated"),
           _argument("--kind", metavar="KIND", action="append", dest="kinds",
                     help="only events of this kind, or with this in their kind: rejected, staging"),
           _argument("--since", metavar="WHEN",
                     help="from this day or time on, as 2026-11-20, or this long ago: 12h, 7d, 8w"),
           _argument("--until", metavar="WHEN",
                     help="up to this day, before this time, or until this long ago"),
           _argument("--text", metavar="WORDS", action="append", dest="words",
                     help="only events that hold these words"))),
    Entry("diff", "Look", "what differs between two versions, and what that means",
          "diff:diff",
          ("vitrina diff contoso-db", "vitrina diff contoso-db --from staged --to 1f3a9c02",
           "vitrina diff contoso-db --three-way"),
          (_ID,
           _argument("--from", metavar="VERSION", dest="old",
                     help=f"{_VERSIONS}; production when left out, else staged"),
           _argument("--to", metavar="VERSION", dest="new",
                     help="as for --from; the draft when left out"),
           _argument("--patch", action="store_true", help="the text of both files, line by line"),
           _argument("--three-way", action="store_true",
                     help="draft, staged and production in one table"))),
    Entry("rules", "Look", "the rules that offers are judged by, or one with an example",
          "inspect:rules", ("vitrina rules", "vitrina rules sas.permissions"),
          (_argument("rule", metavar="ID", nargs="?", help="a rule, or a group such as sas"),)),
    Entry("verify", "Look", "whether the recorded histories are as they were recorded",
          "verify:verify_histories",
          ("vitrina verify", "vitrina verify contoso-db", "vitrina verify --accept contoso-db"),
          (_IDS,
           _argument("--accept", metavar="ID", nargs="?", const="",
                     help="go on with a broken history, without what cannot be trusted"),
           _NOTE)),
    Entry("sas", "Look", "the SAS tokens of all VHD addresses; --token renews them",
          "sas:sas",
          ("vitrina sas", "vitrina sas contoso-db --token '?st=…&se=…&sp=rl&sr=c&sig=…'",
           "vitrina sas contoso-db --token - < token.txt"),
          (_argument("offer", metavar="ID", nargs="?",
                     help="an offer; all of them when left out"),
           _argument("--token", metavar="QUERY",
                     help="put this token on the addresses of the offer; - reads it from the standard "
                     "input, where no list of processes shows it"),
           _argument("--container", metavar="NAME",
                     help="only on those in this container"))),
    Entry("report", "Look", "one page of HTML about an offer, for a reviewer",
          "report:report", ("vitrina report contoso-db -o contoso-db.html",),
          (_ID,
           _argument("-o", "--output", metavar="FILE",
                     help="the file to write; the standard output when left out"))),
    Entry("certify", "Act", "request certification of the technical content",
          "act:certify", ("vitrina certify contoso-db",), (_ID, _NOTE, _ABOUT_DRAFT)),
    Entry("stage", "Act", "push to staging",
          "act:stage", ("vitrina stage contoso-db",), (_ID, _NOTE, _ABOUT_DRAFT)),
    Entry("tested", "Act", "record the staging checklist, or points of it, as passed",
          "act:tested",
          ("vitrina tested contoso-db",
           "vitrina tested contoso-db --point marketing deployment --note 'on two sizes'",
           "vitrina tested contoso-db --production"),
          (_ID,
           _argument("--point", metavar="NAME", nargs="+", action="extend", dest="points",
                     help="only these points of the checklist; all of them when left out"),
           _argument("--production", action="store_true",
                     help="the customer scenarios in production, instead of the checklist"),
           _NOTE,
           _about("what is in staging; with --production, of what is in production"))),
    Entry("request", "Act", "request approval to push to production",
          "act:request", ("vitrina request contoso-db",), (_ID, _NOTE, _ABOUT_DRAFT)),
    Entry("wait", "Act", "wait for the marketplace, with progress; never for a person",
          "wait:wait",
          ("vitrina wait contoso-db", "vitrina wait contoso-db --until available --timeout 600"),
          (_ID,
           _argument("--until", metavar="STATUS", choices=STATUSES,
                     help=f"until this was reached: {', '.join(STATUSES)}"),
           _argument("--timeout", metavar="S", type=float, help="at most this many seconds"))),
    Entry("cancel", "Act", "withdraw a certification, push or request that is under way",
          "act:cancel", ("vitrina cancel contoso-db",), (_ID, _NOTE, _ABOUT_RUN)),
    Entry("remark", "Act", "add a remark to the history",
          "act:remark",
          ("vitrina remark contoso-db 'The new image comes on Friday.'",
           "vitrina remark contoso-db 'Too long for a list.' --field marketing.summary"),
          (_ID, _argument("text", metavar="TEXT", nargs="+", help="the remark"),
           _argument("--field", metavar="FIELD", nargs="+", action="extend", dest="fields",
                     help="the fields that it is about; it stands there until they change"))),
    Entry("approve", "Review", "the final review: approve, and the offer is listed",
          "act:approve",
          ("vitrina approve contoso-db", "vitrina approve contoso-db --content 1f3a9c02"),
          (_ID, _NOTE, _ABOUT_RUN)),
    Entry("reject", "Review", "the final review: reject, with a reason",
          "act:reject",
          ("vitrina reject contoso-db --reason 'The summary names another product.'"
           " --field marketing.summary",),
          (_ID,
           _argument("--reason", metavar="TEXT", required=True, help="what has to change"),
           _argument("--field", metavar="FIELD", nargs="+", action="extend", dest="fields",
                     help="the fields that the reason is about"),
           _ABOUT_RUN)),
    Entry("init", "Files", "write a commented publisher.toml",
          "files:init", ("vitrina init",)),
    Entry("new", "Files", "write a new definition, commented",
          "files:new",
          ("vitrina new contoso-try --type virtual-machine",
           "vitrina new contoso-try --from contoso-db"),
          (_argument("offer", metavar="ID", help="the identifier of the new offer"),
           _argument("--type", metavar="TYPE", choices=TYPES, help=f"one of {', '.join(TYPES)}"),
           _argument("--from", metavar="OTHER", dest="source",
                     help="the offer whose definition it begins with"))),
    Entry("revert", "Files", "set fields, or the whole definition, back to a version",
          "revert:set_back",
          ("vitrina revert contoso-db marketing.title skus.standard.prices",
           "vitrina revert contoso-db --to staged --dry-run"),
          (_ID,
           _argument("fields", metavar="FIELD", nargs="*",
                     help="fields, each with what is below it; everything when left out"),
           _argument("--to", metavar="VERSION",
                     help=f"{_VERSIONS}; production when left out, else staged"),
           _argument("--dry-run", action="store_true", help="show it and change nothing"),
           _argument("--yes", action="store_true", help="without asking"),
           _ABOUT_DRAFT)),
    Entry("rename", "Files", "give a draft another identifier, with its history",
          "files:change_identifier", ("vitrina rename contoso-try contoso-new",),
          (_ID, _argument("new", metavar="NEW", help="the identifier that it gets"),
           _ABOUT_DRAFT)),
    Entry("schema", "Files", "print the JSON Schema of a definition, for editors",
          "files:schema",
          ("vitrina schema > vitrina.schema.json", "vitrina schema --publisher"),
          (_argument("--publisher", action="store_true", help="of publisher.toml instead"),)),
    Entry("discard", "Files", "move a draft into the trash",
          "discard_restore:discard",
          ("vitrina discard contoso-try", "vitrina discard contoso-try --yes"),
          (_ID, _argument("--yes", action="store_true", help="without asking"), _ABOUT_DRAFT)),
    Entry("restore", "Files", "bring a discarded draft back",
          "discard_restore:restore",
          ("vitrina restore contoso-try", "vitrina restore contoso-try --as contoso-new"),
          (_ID, _argument("--as", metavar="NEW", dest="new", help="under another identifier"))),
    Entry("trash", "Files", "what was discarded; --empty ends it for good",
          "trash:trash", ("vitrina trash", "vitrina trash --empty --older-than 30d"),
          (_argument("--empty", action="store_true", help="end it: nothing brings it back"),
           _argument("--older-than", metavar="TIME", dest="age",
                     help="only what was discarded this long ago: 12h, 30d or 8w"),
           _argument("--yes", action="store_true", help="without asking"))),
    Entry("demo", "Files", "open the program on a fresh copy of the example offers",
          "demo:demo", ("vitrina demo",), answers=False),
)  # fmt: skip

COMMANDS: Mapping[str, Entry] = {entry.name: entry for entry in _ENTRIES}
"""The commands by name, in the order of the overview."""
