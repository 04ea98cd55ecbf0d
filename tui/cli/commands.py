"""The commands and their arguments: a new one is added to its group and names what answers it.

Only the command that is asked for gets a parser and is imported: no start waits for the others.
"""

from collections.abc import Callable
from functools import partial

from tui.cli.arguments import CommandParser

Add = Callable[[str, str, str], CommandParser | None]
"""Adds a command by its name, its function (``module:function`` below ``tui.cli``) and what it does.
Gives its parser where it is the one that is asked for."""

_VERSION = (
    "draft, staged, production, or the beginning of a content's hash; production when left out, "
    "else staged"
)


class Commands:
    """Every command.

    Attributes:
        groups: What each command does, by its group and its name, in the order of the overview.
        parser: Reads the arguments of the command that is asked for; None for any other word.
    """

    def __init__(self, asked: str = "") -> None:
        self.groups: dict[str, dict[str, str]] = {}
        self.parser: CommandParser | None = None
        self._asked = asked
        for title, add_commands in _GROUPS.items():
            self.groups[title] = {}
            add_commands(partial(self._add, self.groups[title]))

    @property
    def names(self) -> list[str]:
        return [name for group in self.groups.values() for name in group]

    def _add(self, group: dict[str, str], name: str, run: str, help: str) -> CommandParser | None:
        group[name] = help
        if name == self._asked:
            self.parser = CommandParser(name, run, help)
        return self.parser if name == self._asked else None


# fmt: off
def _look(add: Add) -> None:
    if it := add("list", "offer_list:list_offers",
                 "every offer: type, steps, status, findings, what is next"):
        it.add_examples("list", "-C offers list --json")
    if it := add("check", "inspect:check", "run the rules: every finding with its file and line"):
        it.add_examples("check", "check contoso-db", "check --content-only --json")
        it.add_offers()
        it.add_argument("--step", metavar="N", choices=("1", "2", "3", "4"), action="append",
                        help="only the findings of this step, 1 to 4; may be repeated")
        it.add_argument("--content-only", action="store_true",
                        help="only the content rules: leave out what is still to be done, which is "
                        "to certify, to push to staging and to record the test")
    if it := add("show", "inspect:show",
                 "one offer: its four steps, what blocks the next one, the pipeline"):
        it.add_examples("show contoso-db")
        it.add_offer()
    if it := add("history", "inspect:history", "the events of an offer, oldest first"):
        it.add_examples("history contoso-db",
                        "history contoso-db --by maria --kind rejected --since 30d")
        it.add_offer()
        it.add_argument("--by", metavar="WHO", action="append",
                        help="only events by this person, by the beginning of the name; may be repeated")
        it.add_argument("--kind", metavar="KIND", action="append", dest="kinds",
                        help="only events whose kind contains this: rejected, staging")
        it.add_argument("--since", metavar="WHEN",
                        help="from this day or time, as 2026-11-20, or this long ago: 12h, 7d, 8w")
        it.add_argument("--until", metavar="WHEN",
                        help="up to this day, before this time, or until this long ago")
        it.add_argument("--text", metavar="WORDS", action="append", dest="words",
                        help="only events that contain these words")
    if it := add("diff", "diff:diff", "what differs between two versions, and what that means"):
        it.add_examples("diff contoso-db", "diff contoso-db --from staged --to 1f3a9c02",
                        "diff contoso-db --three-way")
        it.add_offer()
        it.add_argument("--from", metavar="VERSION", dest="old", help=_VERSION)
        it.add_argument("--to", metavar="VERSION", dest="new",
                        help="as for --from; the draft when left out")
        it.add_argument("--patch", action="store_true",
                        help="the text of both files, line by line")
        it.add_argument("--three-way", action="store_true",
                        help="draft, staged and production in one table")
    if it := add("rules", "inspect:rules",
                 "the rules offers are checked against, or one with an example"):
        it.add_examples("rules", "rules sas.permissions")
        it.add_argument("rule", metavar="ID", nargs="?", help="a rule, or a group such as sas")
    if it := add("verify", "verify:verify_histories", "whether the recorded histories are intact"):
        it.add_examples("verify", "verify contoso-db", "verify --accept contoso-db")
        it.add_offers()
        it.add_argument("--accept", metavar="ID", nargs="?", const="",
                        help="go on with a damaged history, without what cannot be trusted")
        it.add_note()
    if it := add("sas", "sas:sas", "the SAS tokens of all VHD addresses; --token renews them"):
        it.add_examples("sas", "sas contoso-db --token '?st=…&se=…&sp=rl&sr=c&sig=…'",
                        "sas contoso-db --token - < token.txt")
        it.add_offer(nargs="?", help="an offer; all of them when left out")
        it.add_argument("--token", metavar="QUERY",
                        help="put this token on the addresses of the offer; - reads it from standard "
                        "input, where no list of processes shows it")
        it.add_argument("--container", metavar="NAME", help="only on those in this container")
    if it := add("report", "report:report", "one page of HTML about an offer, for a reviewer"):
        it.add_examples("report contoso-db -o contoso-db.html")
        it.add_offer()
        it.add_argument("-o", "--output", metavar="FILE",
                        help="the file to write; standard output when left out")


def _act(add: Add) -> None:
    _add_action(add, "certify", "request certification of the technical content")
    _add_action(add, "stage", "push to staging")
    if it := add("tested", "act:tested", "record the staging checklist, or points of it, as passed"):
        it.add_examples("tested contoso-db",
                        "tested contoso-db --point marketing deployment --note 'on two sizes'",
                        "tested contoso-db --production")
        it.add_offer()
        it.add_argument("--point", metavar="NAME", nargs="+", action="extend", dest="points",
                        help="only these points of the checklist; all of them when left out")
        it.add_argument("--production", action="store_true",
                        help="the customer scenarios in production, instead of the checklist")
        it.add_note()
        it.add_content("what is in staging; with --production, of what is in production")
    _add_action(add, "request", "request approval to push to production")
    if it := add("wait", "wait:wait", "wait for the marketplace, with progress; never for a person"):
        from state.domain.offer_state import Status

        it.add_examples("wait contoso-db", "wait contoso-db --until available --timeout 600")
        it.add_offer()
        it.add_argument("--until", metavar="STATUS", choices=tuple(Status),
                        help="until this was reached: %(choices)s")
        it.add_argument("--timeout", metavar="S", help="at most this many seconds")
    _add_action(add, "cancel", "withdraw a certification, push or request that is under way",
                about="what is under way")
    if it := add("remark", "act:remark", "add a remark to the history"):
        it.add_examples("remark contoso-db 'The new image comes on Friday.'",
                        "remark contoso-db 'Too long for a list.' --field marketing.summary")
        it.add_offer()
        it.add_argument("text", metavar="TEXT", nargs="+", help="the remark")
        it.add_fields("the fields that it is about; it is shown there until they change")


def _review(add: Add) -> None:
    _add_action(add, "approve", "the final review: approve, and the offer is listed",
                "approve contoso-db --content 1f3a9c02", about="what is under way")
    if it := add("reject", "act:reject", "the final review: reject, with a reason"):
        it.add_examples("reject contoso-db --reason 'The summary names another product.'"
                        " --field marketing.summary")
        it.add_offer()
        it.add_argument("--reason", metavar="TEXT", required=True, help="what has to change")
        it.add_fields("the fields that the reason is about")
        it.add_content("what is under way")


def _add_action(add: Add, name: str, help: str, *examples: str, about: str = "the draft") -> None:
    if it := add(name, "act:act", help):
        it.add_examples(f"{name} contoso-db", *examples)
        it.add_offer()
        it.add_note()
        it.add_content(about)
        it.set_defaults(action=name)


def _files(add: Add) -> None:
    if it := add("init", "files:init", "write a commented publisher.toml"):
        it.add_examples("init")
    if it := add("new", "files:new", "write a new definition, commented"):
        from state.domain.offer_types import OFFER_TYPES

        it.add_examples("new contoso-try --type virtual-machine",
                        "new contoso-try --from contoso-db")
        it.add_offer(help="the identifier of the new offer")
        it.add_argument("--type", metavar="TYPE", choices=tuple(OFFER_TYPES), help="one of %(choices)s")
        it.add_argument("--from", metavar="OTHER", dest="source",
                        help="the offer whose definition it begins with")
    if it := add("revert", "revert:set_back",
                 "set fields, or the whole definition, back to a version"):
        it.add_examples("revert contoso-db marketing.title skus.standard.prices",
                        "revert contoso-db --to staged --dry-run")
        it.add_offer()
        it.add_argument("fields", metavar="FIELD", nargs="*",
                        help="fields, each with what is below it; everything when left out")
        it.add_argument("--to", metavar="VERSION", help=_VERSION)
        it.add_argument("--dry-run", action="store_true", help="show it and change nothing")
        it.add_yes()
        it.add_content("the draft")
    if it := add("rename", "files:change_identifier",
                 "give a draft another identifier, with its history"):
        it.add_examples("rename contoso-try contoso-new")
        it.add_offer()
        it.add_argument("new", metavar="NEW", help="the new identifier")
        it.add_content("the draft")
    if it := add("schema", "files:schema", "print the JSON Schema of a definition, for editors"):
        it.add_examples("schema > vitrina.schema.json", "schema --publisher")
        it.add_argument("--publisher", action="store_true", help="of publisher.toml instead")
    if it := add("discard", "discard_restore:discard", "move a draft into the trash"):
        it.add_examples("discard contoso-try", "discard contoso-try --yes")
        it.add_offer()
        it.add_yes()
        it.add_content("the draft")
    if it := add("restore", "discard_restore:restore", "bring a discarded draft back"):
        it.add_examples("restore contoso-try", "restore contoso-try --as contoso-new")
        it.add_offer()
        it.add_argument("--as", metavar="NEW", dest="new", help="under another identifier")
    if it := add("trash", "trash:trash", "what was discarded; --empty deletes it for good"):
        it.add_examples("trash", "trash --empty --older-than 30d")
        it.add_argument("--empty", action="store_true", help="delete it: nothing brings it back")
        it.add_argument("--older-than", metavar="TIME", dest="age",
                        help="only what was discarded this long ago: 12h, 30d or 8w")
        it.add_yes()
    if it := add("demo", "demo:demo", "open the program on a fresh copy of the example offers"):
        it.add_examples("demo")
        it.takes_directory = False
# fmt: on

_GROUPS = {"Look": _look, "Act": _act, "Review": _review, "Files": _files}
