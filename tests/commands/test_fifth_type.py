"""A type of offer that only this file knows goes the whole way, and every command knows it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import pytest

from state.domain.offer import CatalogueItem, Offer
from state.domain.offer_types import OFFER_TYPES, OfferType
from state.domain.stages import STAGING_REPLICATION
from state.domain.table import TECHNICAL, Items, Mark, Money
from state.rules import registry
from tests.commands.conftest import Run

CONTAINER = OfferType(
    value="container",
    label="Container",
    short_label="ctr",
    key="c",
    model_path=f"{__name__}:ContainerOffer",
    items_key="images",
    item_noun="image",
    items_title="Images",
    checks=(("pull", "The image can be pulled"), ("price", "The price is shown")),
    is_certified=True,
    is_certified_in_production=True,
    needs_approval=True,
    durations=((STAGING_REPLICATION, "1 h"),),
)


class ContainerImage(CatalogueItem):
    tag: Annotated[str, Mark(longest=20), TECHNICAL] = ""
    price: Money | None = None


class ContainerOffer(Offer):
    type: Annotated[Literal["container"], TECHNICAL]
    images: Items[ContainerImage] = ()


IMAGES = """
[[images]]
identifier = "small"
title = "Small"
summary = "The smallest image"
description = "It holds one service and nothing else."
tag = "1.0"
price = 5.00
"""


@pytest.fixture(autouse=True)
def container(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The type, registered for a test."""
    monkeypatch.setitem(OFFER_TYPES, CONTAINER.value, CONTAINER)
    yield
    registry.rules_for.cache_clear()


@pytest.fixture
def box(directory: Path) -> str:
    """An offer of the type, in which nothing is wrong."""
    text = (directory / "contoso-rates.toml").read_text()
    text = text.replace('type = "data-service"', 'type = "container"')
    text = re.sub(r"\[source\].*", IMAGES, text, flags=re.DOTALL)
    (directory / "contoso-box.toml").write_text(text)
    return "contoso-box"


def test_it_goes_from_draft_to_available(box: str, run: Run) -> None:
    assert run("check", box, "--content-only").status == 0
    for words in ("certify", "stage", "tested", "request", "approve"):
        done = run(words, box)
        assert done.status == 0, (words, done.out, done.err)
    shown = run("show", box, "--json").json
    assert (shown["type"], shown["status"]) == ("container", "available")
    assert [step["complete"] for step in shown["steps"]] == [True] * 4
    kinds = [event["kind"] for event in run("history", box, "--json").json]
    assert "certified" in kinds and kinds.count("stage-passed") >= 2


def test_it_is_listed_and_checked(box: str, directory: Path, run: Run) -> None:
    listed = {each["offer"]: each["type"] for each in run("list", "--json").json}
    assert listed[box] == "container"
    file = directory / f"{box}.toml"
    file.write_text(
        file.read_text()
        .replace('title = "Small"', 'title = ""')
        .replace('tag = "1.0"', "tag = 1\ncolour = 2")
    )
    (checked,) = run("check", box, "--json").json
    found = {
        (finding["rule"], finding["field"])
        for step in checked["steps"]
        for finding in step["findings"]
        if not finding["rule"].startswith(("certification.", "staging."))
    }
    assert found == {
        ("file.type", "images.small.tag"),
        ("file.key", "images.small.colour"),
        ("plan.title", "images.small.title"),
    }


def test_its_content_is_technical_where_its_model_says_so(
    box: str, directory: Path, run: Run
) -> None:
    assert run("certify", box).status == run("stage", box).status == 0
    file = directory / f"{box}.toml"
    file.write_text(file.read_text().replace("5.00", "6.00").replace('tag = "1.0"', 'tag = "2"'))
    changes = {each["field"]: each["class"] for each in run("diff", box, "--json").json["changes"]}
    assert changes == {"images.small.price": "marketing", "images.small.tag": "technical"}


def test_a_new_one_is_written_from_its_model(directory: Path, run: Run) -> None:
    made = run("new", "contoso-crate", "--type", "container", "--json")
    assert (made.status, made.json["type"]) == (0, "container")
    text = (directory / "contoso-crate.toml").read_text()
    assert 'type = "container"' in text and "[[images]]" in text and 'tag = ""' in text
    assert "[source]" not in text


def test_the_schema_describes_it(run: Run) -> None:
    schema = run("schema").json
    assert {"$ref": "#/$defs/ContainerOffer"} in schema["oneOf"]
    assert schema["$defs"]["ContainerImage"]["properties"]["tag"]["maxLength"] == 20


def test_a_reviewer_gets_a_page_of_it(box: str, directory: Path, run: Run) -> None:
    page = directory / "box.html"
    assert run("report", box, "-o", str(page)).status == 0
    assert ">Images<" in page.read_text()
