"""Marketplaces by their names: one that is added, and types that it does not take."""

import pytest

from state.domain.actions import STAGE, Command
from state.domain.findings import Refusal
from state.domain.offer_types import DATA_SERVICE, OFFER_TYPES
from state.domain.publisher import Rehearsal
from state.engine import Done
from state.marketplace.backends import BACKENDS
from state.marketplace.rehearsal import RehearsalMarketplace
from tests.engine_harness import DATA, EngineHarness


@pytest.fixture(autouse=True)
def instant(monkeypatch: pytest.MonkeyPatch, desk: EngineHarness) -> None:
    """A marketplace in which nothing takes any time, named in publisher.toml."""
    settings = Rehearsal(replication=0)
    monkeypatch.setitem(BACKENDS, "instant", lambda _: RehearsalMarketplace(settings))  # type: ignore[arg-type]
    desk.rewrite("publisher", 'backend = "rehearsal"', 'backend = "instant"')


def test_a_type_that_the_marketplace_does_not_take_is_refused_with_the_remedy(
    desk: EngineHarness,
) -> None:
    refused = desk.engine.perform(DATA, Command(STAGE))
    assert isinstance(refused, Refusal)
    messages = {reason.rule: reason.message for reason in refused.reasons}
    assert messages["marketplace.backend"] == (
        'The marketplace "instant" does not take a data service. Write backend = "rehearsal".'
    )


def test_a_marketplace_of_another_name_answers(
    desk: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = DATA_SERVICE._replace(backends=("rehearsal", "instant"))
    monkeypatch.setitem(OFFER_TYPES, DATA_SERVICE.value, taken)
    assert isinstance(desk.engine.perform(DATA, Command(STAGE)), Done)
    assert desk.engine.offer(DATA).status == "staged"
