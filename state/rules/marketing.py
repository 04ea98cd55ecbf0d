"""What customers read: the offer's texts, those of its SKUs, plans or topologies, links, terms."""

from collections.abc import Iterator
from functools import partial

from state.definitions.model_fields import limits_of
from state.domain.assets import LFS_POINTER, AssetError, is_lfs_pointer
from state.domain.field_path import ROOT, FieldPath
from state.domain.offer import CatalogueItem, Marketing
from state.domain.offer_types import OFFER_TYPES
from state.domain.safe_text import quoted
from state.domain.text_length import length
from state.rules.checks import address_violations
from state.rules.context import RuleContext, Violation
from state.rules.html import html_faults
from state.rules.registry import declare, rule
from state.rules.rule import Example, Rule

MARKETING = ROOT / "marketing"

_LIMITS = limits_of(Marketing)

_LARGEST_TERMS = 12_000_000
"""Bytes. A character takes up to four in UTF-8, and an accented one may be written as three."""


def noun_of(at: FieldPath) -> str:
    """The noun for the SKU, plan or topology that contains a field."""
    nouns = {kind.items_key: kind.item_noun for kind in OFFER_TYPES.values()}
    return nouns.get(str(at.path[0]), "item")


def _offer_text(key: str, limit: int, context: RuleContext) -> Iterator[Violation]:
    text = getattr(context.definition.marketing, key)
    yield from _judged(MARKETING / key, "offer", text, limit)


def _sold_text(key: str, limit: int, context: RuleContext) -> Iterator[Violation]:
    for at, item in context.sold():
        yield from _judged(at / key, noun_of(at), getattr(item, key), limit)


def _judged(at: FieldPath, owner: str, text: str, limit: int) -> Iterator[Violation]:
    what = str(at.path[-1]).replace("_", " ")
    if not text.strip():
        yield Violation(at, f"The {owner} has no {what}. Write one of at most {limit} characters.")
    elif (count := length(text)) > limit:
        fault = f"The {owner}'s {what} has {count} characters"
        yield Violation(at, f"{fault}. Expected at most {limit}. Remove {count - limit}.")


_OFFER_TEXTS = {
    "title": 'title = "Contoso Rates"',
    "summary": 'summary = "Exchange rates of 168 currencies, every minute, back to 1999"',
    "long_summary": 'long_summary = "Mid-market exchange rates…"',
    "description": 'description = """\n<p>What was a dollar worth…"""',
}
_SOLD_TEXTS = {
    "title": 'title = "Taste"',
    "summary": 'summary = "500 calls a month, free"',
    "description": 'description = """\n<p>All currencies…"""',
}

for _key in _OFFER_TEXTS:
    _limit = _LIMITS[_key]
    _what = _key.replace("_", " ")
    declare(
        Rule(
            f"marketing.{_key}",
            4,
            f"The offer has a {_what} of at most {_limit} characters, tags included.",
            (
                Example(
                    _OFFER_TEXTS[_key],
                    f'{_key} = ""',
                    f"The offer has no {_what}. Write one of at most {_limit} characters.",
                ),
            ),
            check=partial(_offer_text, _key, _limit),
        )
    )

for _key, _limit in limits_of(CatalogueItem).items():
    declare(
        Rule(
            f"plan.{_key}",
            4,
            f"Every SKU, plan or topology has a {_key} of at most {_limit} characters, tags included.",
            (
                Example(
                    _SOLD_TEXTS[_key],
                    f'{_key} = ""',
                    f"The plan has no {_key}. Write one of at most {_limit} characters.",
                ),
            ),
            check=partial(_sold_text, _key, _limit),
        )
    )


@rule(
    "marketing.html",
    step=4,
    description="Summaries and descriptions use only h1-h5, p, ol, ul, li, a (with href and "
    "target), strong, em, b and i, well nested; a link is a full http, https or mailto "
    "address.",
    examples=[
        Example(
            'summary = "500 calls a month, free"',
            'summary = "500 calls a month, <u>free</u>"',
            "<u> in line 1 of the text is not allowed. Expected h1-h5, p, ol, ul, li, a, strong, "
            "em, b or i. Remove it.",
        )
    ],
)
def html(context: RuleContext) -> Iterator[Violation]:
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
    description="The description of a SKU, plan or topology differs from the offer's.",
    examples=[
        Example(
            'description = """\n<p>What was a dollar worth…"""',
            'description = """\n<p>All currencies and all years, for a spreadsheet or a weekend '
            'project. No card, no end date.</p>\n"""',
            "This description is the same as the offer's. Describe what this plan is and whom it "
            "is for.",
        )
    ],
)
def duplicate_description(context: RuleContext) -> Iterator[Violation]:
    of_offer = context.definition.marketing.description
    for at, item in context.sold():
        if item.description.strip() and item.description == of_offer:
            yield Violation(
                at / "description",
                "This description is the same as the offer's. "
                f"Describe what this {noun_of(at)} is and whom it is for.",
            )


@rule(
    "duplicate.title",
    step=4,
    description="The title of a SKU, plan or topology differs from the offer's summary and long "
    "summary and from the other titles.",
    examples=[
        Example(
            'title = "Unlimited"',
            'title = "Starter"',
            'The title "Starter" is already used by the plan "starter". Give each its own.',
        )
    ],
)
def duplicate_title(context: RuleContext) -> Iterator[Violation]:
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
                f"The title {shown} is also the offer's {which}. "
                f"Give the {noun} a title of its own.",
            )
        elif title in first:
            other = quoted(str(first[title].names[-1]), 25)
            yield Violation(
                at / "title",
                f"The title {shown} is already used by the {noun} {other}. Give each its own.",
            )
        first.setdefault(title, at)


@rule(
    "link.valid",
    step=4,
    description="Every link has a title and an http or https address.",
    examples=[
        Example(
            'url = "https://docs.contoso.example/rates"',
            'url = "docs.contoso.example/rates"',
            '"docs.contoso.example/rates" is not a web address. Expected https:// or http://, a '
            "host and no spaces.",
        )
    ],
)
def links(context: RuleContext) -> Iterator[Violation]:
    for index, link in enumerate(context.definition.marketing.links):
        at = (MARKETING / "links").item(index, index)
        if not link.title.strip():
            yield Violation(at / "title", "The link has no title. Name what customers find there.")
        yield from address_violations(at / "url", "address for this link", link.url)


@rule(
    "legal.terms",
    step=4,
    description="There are terms of use of at most 1,000,000 characters, and the address of a "
    "privacy policy.",
    examples=[
        Example(
            'terms_file = "legal/terms.html"',
            'terms_of_use = ""',
            "No terms of use. Write them in terms_of_use, or name their file in terms_file.",
        )
    ],
)
def legal(context: RuleContext) -> Iterator[Violation]:
    marketing = context.definition.marketing
    if marketing.terms_of_use.strip():
        yield from _long_terms(MARKETING / "terms_of_use", length(marketing.terms_of_use))
    elif not marketing.terms_file:
        yield Violation(
            MARKETING / "terms_of_use",
            "No terms of use. Write them in terms_of_use, or name their file in terms_file.",
            needs=(MARKETING / "terms_file",),
        )
    if marketing.terms_file:
        yield from _terms_file(context, marketing.terms_file)
    yield from address_violations(
        MARKETING / "policy_url", "address of the privacy policy", marketing.policy_url
    )


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
            at, f"{quoted(path)} is not UTF-8 text. Save the terms of use as UTF-8.", path
        )
    elif count == 0:
        yield Violation(at, f"{quoted(path)} is empty. Write the terms of use into it.", path)
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
    most = _LIMITS["terms_of_use"]
    if count > most:
        fault = f"The terms of use have {count:,} characters"
        yield Violation(at, f"{fault}. Expected at most {most:,}. Shorten them.", path)
