"""What customers read: the offer's texts, those of its SKUs, plans or topologies, links, terms."""

from collections.abc import Iterator
from functools import partial

from state.domain.assets import LFS_POINTER, AssetError, is_lfs_pointer
from state.domain.field_path import ROOT, FieldPath
from state.domain.limits import OFFER_LIMITS, SOLD_LIMITS, TERMS_LIMIT, length
from state.domain.safe_text import quoted
from state.rules.addresses import is_web_address
from state.rules.context import RuleContext, Violation
from state.rules.html import html_faults
from state.rules.registry import declare, rule

MARKETING = ROOT / "marketing"

NOUNS = {"skus": "SKU", "plans": "plan", "topologies": "topology"}
"""What an item of each list is called."""

_LARGEST_TERMS = 12_000_000
"""Bytes. A character takes up to four in UTF-8, and an accented one may be written as three."""


def noun_of(at: FieldPath) -> str:
    """What the SKU, plan or topology that a field lies in is called."""
    return NOUNS.get(str(at.path[0]), "item")


def _offer_text(key: str, limit: int, context: RuleContext) -> Iterator[Violation]:
    text = getattr(context.definition.marketing, key)
    yield from _judged(MARKETING / key, "offer", text, limit)


def _sold_text(key: str, limit: int, context: RuleContext) -> Iterator[Violation]:
    for at, item in context.sold():
        yield from _judged(at / key, noun_of(at), getattr(item, key), limit)


def _judged(at: FieldPath, owner: str, text: str, limit: int) -> Iterator[Violation]:
    what = str(at.path[-1]).replace("_", " ")
    if not text.strip():
        yield Violation(at, f"The {owner} has no {what}: write one of at most {limit} characters.")
    elif (count := length(text)) > limit:
        of_limit = f"{count} of {limit} characters"
        yield Violation(at, f"The {owner}'s {what} is too long, {of_limit}: cut {count - limit}.")


for _key, _limit in OFFER_LIMITS.items():
    declare(
        f"marketing.{_key}",
        4,
        f"The offer has a {_key.replace('_', ' ')} of at most {_limit} characters, tags included.",
        good=f'{_key} = "A database that minds itself"',
        bad=f'{_key} = ""',
        check=partial(_offer_text, _key, _limit),
    )

for _key, _limit in SOLD_LIMITS.items():
    declare(
        f"plan.{_key}",
        4,
        f"Every SKU, plan or topology has a {_key} of at most {_limit} characters, tags included.",
        good=f'{_key} = "One server, paid by the hour"',
        bad=f'{_key} = ""',
        check=partial(_sold_text, _key, _limit),
    )


@rule(
    "marketing.html",
    step=4,
    says="Summaries and descriptions use only h1-h5, p, ol, ul, li, a (with href and target), "
    "strong, em, b and i, well nested; a link is a whole http, https or mailto address.",
    good='description = "<p>Fast, <b>and</b> small.</p>"',
    bad='description = "<div>Fast<br>and small.</div>"',
)
def html(context: RuleContext) -> Iterator[Violation]:
    """Every fault of each text in simple HTML."""
    for at, text in _html_texts(context):
        for fault in html_faults(text):
            yield Violation(at, fault)


def _html_texts(context: RuleContext) -> Iterator[tuple[FieldPath, str]]:
    marketing = context.definition.marketing
    for key in ("summary", "long_summary", "description"):
        yield MARKETING / key, getattr(marketing, key)
    for at, item in context.sold():
        yield at / "summary", item.summary
        yield at / "description", item.description


@rule(
    "duplicate.description",
    step=4,
    says="The description of a SKU, plan or topology differs from the offer's.",
    good='description = "<p>For a team that shares a table.</p>"',
    bad="the offer's description, copied",
)
def duplicate_description(context: RuleContext) -> Iterator[Violation]:
    """Descriptions that are the offer's."""
    of_offer = context.definition.marketing.description
    for at, item in context.sold():
        if item.description.strip() and item.description == of_offer:
            yield Violation(
                at / "description",
                "This description is the offer's, word for word: "
                f"say what this {noun_of(at)} is and whom it is for.",
            )


@rule(
    "duplicate.title",
    step=4,
    says="The title of a SKU, plan or topology differs from the offer's summary and long summary "
    "and from the other titles.",
    good='title = "Standard", and then title = "Bring your own licence"',
    bad='title = "Standard", twice',
)
def duplicate_title(context: RuleContext) -> Iterator[Violation]:
    """Titles that stand elsewhere already; where two are the same, the later one."""
    marketing = context.definition.marketing
    first: dict[str, FieldPath] = {}
    for at, item in context.sold():
        title = item.title
        if not title.strip():
            continue
        noun, shown = noun_of(at), quoted(title)
        if title in (marketing.summary, marketing.long_summary):
            which = "summary" if title == marketing.summary else "long summary"
            yield Violation(
                at / "title",
                f"The title {shown} is also the offer's {which}: "
                f"give the {noun} a title of its own.",
            )
        elif title in first:
            other = quoted(str(first[title].names[-1]), 25)
            yield Violation(
                at / "title",
                f"The title {shown} is also that of the {noun} {other}: give each its own.",
            )
        first.setdefault(title, at)


@rule(
    "link.valid",
    step=4,
    says="Every link has a title and an http or https address.",
    good='links = [{ title = "Documentation", url = "https://docs.contoso.example" }]',
    bad='links = [{ title = "Documentation", url = "docs.contoso.example" }]',
)
def links(context: RuleContext) -> Iterator[Violation]:
    """Links without a title, or that lead nowhere."""
    for index, link in enumerate(context.definition.marketing.links):
        at = (MARKETING / "links").item(index, index)
        if not link.title.strip():
            yield Violation(at / "title", "A link without a title: say what customers find there.")
        yield from judged_address(at / "url", "address for this link", link.url)


@rule(
    "legal.terms",
    step=4,
    says="Terms of use are given, of at most 1,000,000 characters, and the address of a policy.",
    good='terms_file = "legal/terms.html"',
    bad='terms_of_use = ""',
)
def legal(context: RuleContext) -> Iterator[Violation]:
    """Missing or endless terms of use, and the policy's address."""
    marketing = context.definition.marketing
    if marketing.terms_of_use.strip():
        yield from _long_terms(MARKETING / "terms_of_use", length(marketing.terms_of_use))
    elif not marketing.terms_file:
        yield Violation(
            MARKETING / "terms_of_use",
            "No terms of use: write them as terms_of_use, or name their file in terms_file.",
            depends_on=(MARKETING / "terms_file",),
        )
    if marketing.terms_file:
        yield from _terms_file(context, marketing.terms_file)
    yield from judged_address(MARKETING / "policy_url", "address of a policy", marketing.policy_url)


def _terms_file(context: RuleContext, path: str) -> Iterator[Violation]:
    at = MARKETING / "terms_file"
    try:
        not_fetched = context.assets.inspect(path, is_lfs_pointer, _LARGEST_TERMS)
        count = context.assets.inspect(path, terms_length, _LARGEST_TERMS)
    except AssetError as error:
        yield Violation(at, error.or_else("Name a text file with the terms of use."), path)
        return
    if not_fetched:
        yield Violation(at, f"{quoted(path)} {LFS_POINTER}", path)
    elif count is None:
        yield Violation(
            at, f"{quoted(path)} is not UTF-8 text: save the terms of use as UTF-8.", path
        )
    elif count == 0:
        yield Violation(at, f"{quoted(path)} is empty: write the terms of use into it.", path)
    else:
        yield from _long_terms(at, count, path)


def terms_length(data: bytes) -> int | None:
    """The length of a file of terms: 0 where it holds only white space, None if not UTF-8 text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return length(text) if text.strip() else 0


def _long_terms(at: FieldPath, count: int, path: str | None = None) -> Iterator[Violation]:
    if count > TERMS_LIMIT:
        of_limit = f"{count:,} of {TERMS_LIMIT:,} characters"
        yield Violation(at, f"The terms of use are too long, {of_limit}: shorten them.", path)


def judged_address(at: FieldPath, what: str, address: str) -> Iterator[Violation]:
    """The fault of a web address, if any.

    Args:
        at: Its field.
        what: What it is, as in ``No address of a policy``.
        address: As written.

    Yields:
        At most one fault.
    """
    if not address.strip():
        yield Violation(at, f"No {what}: give one that begins with https:// or http://.")
    elif not is_web_address(address):
        yield Violation(
            at,
            f"{quoted(address)} is not a web address: write it in full, with https:// or http:// "
            "and no spaces.",
        )
