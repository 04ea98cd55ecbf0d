"""The commands that write definitions: init, new, rename, schema."""

from collections.abc import Callable

from state.domain.findings import PUBLISHER_FILE, Refusal
from state.domain.offer_types import OFFER_TYPES
from state.engine.create import create, initialise
from state.engine.draft_writer import DraftingError
from state.engine.drafts import rename
from tui.cli.act import report, shown_to
from tui.cli.messages import refused
from tui.cli.output import print_json, print_line
from tui.cli.run import Call
from tui.launch import DONE, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Span


def init(call: Call) -> int:

    def act() -> int:
        path = initialise(call.engine)
        if call.json:
            print_json({"file": str(path)})
        else:
            sign: Span = (glyph("complete"), "good")
            print_line(
                [
                    sign,
                    (f" {path.name} written. Fill it in: its comments say what belongs where.", ""),
                ]
            )
        return DONE

    return report_usage(call, act)


def new(call: Call) -> int:
    options = call.options
    if not (options.type or options.source):
        raise UsageError("No type given. Use --type TYPE, or --from OTHER to begin with a copy.")

    def act() -> int:
        has_publisher = (call.root / PUBLISHER_FILE).exists()
        kind = OFFER_TYPES[options.type] if options.type else None
        path = create(call.engine, options.offer, kind, options.source)
        also = "" if has_publisher else f" and {PUBLISHER_FILE}"
        report(call, call.engine.shown(options.offer), f"{path.name}{also} written")
        return DONE

    return report_usage(call, act)


def change_identifier(call: Call) -> int:

    def act() -> int:
        done = rename(call.engine, call.options.offer, call.options.new, shown_to(call))
        if isinstance(done, Refusal):
            return refused(call, done)
        assert done.view is not None
        report(call, done.view, f"renamed from {call.options.offer}")
        return DONE

    return report_usage(call, act)


def schema(call: Call) -> int:
    from state.engine.schema import schema as schema_of

    print_json(schema_of(publisher=call.options.publisher))
    return DONE


def report_usage(call: Call, act: Callable[[], int]) -> int:
    """The exit status of what the engine may refuse; a ``UsageError`` for wrong arguments."""
    try:
        return act()
    except DraftingError as error:
        if error.refusal:
            return refused(call, error.refusal)
        raise UsageError(str(error)) from None
