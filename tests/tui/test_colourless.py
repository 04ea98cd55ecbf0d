"""Without colours: what they say is said by bold, dim and reversed text."""

import pytest
from rich.style import Style

from tests.tui.harness import AppHarness
from tui.widgets.text_box import Box


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
async def test_no_colour_is_sent_and_the_cursor_is_seen(
    town: AppHarness, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    app = town.app()

    def styles() -> list[Style]:
        strips = app.screen._compositor.render_strips()
        return [segment.style for strip in strips for segment in strip if segment.style]

    async with app.run_test(size=(80, 24)) as pilot:
        found = styles()
        for keys in ("j", "1", "f", "enter", "ctrl+p"):
            await pilot.press(keys)
            await pilot.pause()
            found += styles()
            assert any(style.reverse for style in styles()), keys
            if app.screen.query(Box):
                cells = sum(
                    segment.cell_length
                    for strip in app.screen._compositor.render_strips()
                    for segment in strip
                    if segment.style and segment.style.reverse
                )
                assert cells == 1, "the cursor alone"
    assert not [style for style in found if style.color or style.bgcolor]
    assert any(style.dim for style in found) and any(style.bold for style in found)
