"""The program on other days and in other zones: it starts, tokens are good, the way is open."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.elsewhen import OTHER_DAYS, Elsewhen
from tests.terminal import Terminal
from tests.test_terminal import VITRINA, quick, the_main_job

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64",
    reason="libfaketime comes built for Linux on x86-64 only",
)

DEMO = "from pathlib import Path; from tui.demo import make; make(Path({!r}))"


@pytest.fixture(params=OTHER_DAYS, ids=lambda each: each.name)
def elsewhen(request: pytest.FixtureRequest) -> Elsewhen:
    """Each of the other days."""
    found: Elsewhen = request.param
    return found


def output(command: list[str], environment: Mapping[str, str], status: int = 0) -> str:
    """What a command prints."""
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert ran.returncode == status, ran.stderr
    return ran.stdout


def findings_of_a_demo(root: Path, environment: Mapping[str, str]) -> list[tuple[str, ...]]:
    """What the rules find in a new demo, without the words."""
    output([sys.executable, "-c", DEMO.format(str(root))], environment)
    checked = json.loads(output([str(VITRINA), "check", "--json", "-C", str(root)], environment, 1))
    return [
        (offer["offer"], offer["status"], each["rule"], each["field"])
        for offer in checked
        for step in offer["steps"]
        for each in step["findings"]
    ]


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    """What the rules find in a demo of today."""
    return findings_of_a_demo(tmp_path_factory.mktemp("now") / "demo", os.environ)


def test_a_demo_is_the_same_on_every_day(
    tmp_path: Path, elsewhen: Elsewhen, now: list[tuple[str, ...]]
) -> None:
    then = findings_of_a_demo(tmp_path / "then", elsewhen.environment())
    assert then == now
    # Beside the mistakes that are there to be found no token has expired or begins too late.
    assert {rule for _, _, rule, _ in now if rule.startswith("sas.")} == {"sas.permissions"}


@pytest.fixture
def demo(tmp_path: Path, elsewhen: Elsewhen) -> Iterator[Terminal]:
    """The demo, opened in a terminal."""
    environment = {**elsewhen.environment(), "TMPDIR": str(tmp_path)}
    terminal = Terminal([str(VITRINA), "demo"], cwd=tmp_path, environment=environment)
    yield terminal
    terminal.kill()


def test_the_demo_goes_on(demo: Terminal, elsewhen: Elsewhen) -> None:
    today = output(["date", "+%-d %b"], elsewhen.environment()).strip()
    demo.until("contoso-mail", "your final review")
    demo.press("Gk\r")
    demo.until("This technical content has not been certified", "c requests it")
    demo.press("cy")
    demo.until("Certification of this content", "under way")
    demo.press("qkkkk2a")
    demo.until("Approve content")
    demo.press("y3")
    demo.until(today, "approved")
    demo.press("qq")
    assert demo.ended() == 0


@pytest.mark.slow
def test_the_main_job(tmp_path: Path, elsewhen: Elsewhen) -> None:
    root, environment = tmp_path / "offers", elsewhen.environment()
    output([sys.executable, "-c", DEMO.format(str(root))], environment)
    terminal = Terminal([str(VITRINA), str(quick(root))], environment=environment)
    try:
        the_main_job(terminal)
    finally:
        terminal.kill()
