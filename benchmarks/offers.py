"""Working directories of any size, made of the examples."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from tui.demo import examples, moved


def many_offers(root: Path, count: int) -> None:
    """A directory of virtual machine offers, all different.

    Args:
        root: An empty directory.
        count: How many offers.
    """
    source = examples()
    for folder in ("logos", "legal"):
        shutil.copytree(source / folder, root / folder)
    (root / "publisher.toml").write_bytes((source / "publisher.toml").read_bytes())
    text = moved((source / "contoso-vault.toml").read_text(), datetime.now(UTC).date())
    for number in range(count):
        own = text.replace("vault-solo", f"solo-{number}").replace(
            "vault-quorum", f"quorum-{number}"
        )
        (root / f"offer-{number:04}.toml").write_text(own)
