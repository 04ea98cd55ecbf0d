"""The difference between two texts, as other programs read it."""

from pathlib import Path

from state.engine.compare import Comparison, Side, compare, patch_of
from tests.engine_harness import DATA, EngineHarness


def test_a_patch_names_both_sides_as_git_does(tmp_path: Path) -> None:
    desk = EngineHarness(tmp_path)
    desk.stage(DATA)
    assert list(patch_of(compare(desk.engine, DATA))) == []
    desk.rewrite(DATA, "transactions = 500", "transactions = 600 # more")
    file = DATA.encode() + b".toml\n"
    lines = list(patch_of(compare(desk.engine, DATA)))
    assert lines[:2] == [b"--- a/" + file, b"+++ b/" + file]
    changed = [line for line in lines[2:] if line[:1] in b"+-"]
    assert changed == [b"-transactions = 500\n", b"+transactions = 600 # more\n"]


def test_a_name_forges_no_header(tmp_path: Path) -> None:
    side: Side = compare(EngineHarness(tmp_path).engine, DATA, "draft").new
    other = side._replace(raw=side.raw + b"#")
    heads = {
        "a b": b"--- a/a b.toml\t\n",
        'a\n+++ "': b'--- "a/a\\012+++ \\042.toml"\n',
        "\udcff": b"--- a/\xff.toml\n",
    }
    for name, head in heads.items():
        assert next(patch_of(Comparison(name, side, other, (), None))) == head
