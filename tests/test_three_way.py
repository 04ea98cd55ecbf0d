"""Draft, staged and production in one table."""

import pytest

from state.engine.compare import NoSuchVersion
from state.engine.three_way import VERSIONS, ThreeWays, three_ways
from tests.engine_harness import DATA, EngineHarness


def table(desk: EngineHarness) -> ThreeWays:
    return three_ways(desk.engine, desk.engine.offer(DATA))


def test_three_versions_have_to_be_there(desk: EngineHarness) -> None:
    with pytest.raises(NoSuchVersion, match="never been listed"):
        table(desk)
    desk.stage(DATA)
    with pytest.raises(NoSuchVersion, match="never been listed"):
        table(desk)
    desk.do(DATA, "tested"), desk.do(DATA, "request"), desk.do(DATA, "approve")
    assert table(desk).rows == ()
    desk.file(DATA).write_text("type = [")
    with pytest.raises(NoSuchVersion, match="cannot be compared"):
        table(desk)


def test_a_row_is_a_field_that_is_not_the_same_in_all(desk: EngineHarness) -> None:
    desk.publish(DATA)
    desk.rewrite(DATA, 'title = "Contoso Rates"', 'title = "Money"')
    desk.rewrite(DATA, "transactions = 500", "transactions = 600")
    desk.stage(DATA)
    desk.rewrite(DATA, 'title = "Money"', 'title = "Contoso Rates"')
    desk.rewrite(DATA, 'free_trial = "none"', 'free_trial = "one-month"')
    found = table(desk)
    assert tuple(side.name for side in found.sides) == VERSIONS
    assert [(row.field, row.values, row.technical) for row in found.rows] == [
        ("marketing.title", ("Contoso Rates", "Money", "Contoso Rates"), False),
        ("plans.taste.transactions", (500, 600, 600), True),
        ("plans.taste.free_trial", (None, None, "one-month"), False),
    ]
