"""Runs the measurements named on the command line, or all, and prints their tables."""

from __future__ import annotations

import importlib
import sys

ALL = (
    "sheets", "proof", "runner", "sharing", "scale", "pages", "zip", "idle", "drafting", "quality", "real_model", "grid", "chaos",
)  # fmt: skip


def main() -> None:
    for name in sys.argv[1:] or ALL:
        for table in importlib.import_module(f"bench.{name}").measure():
            print(table.markdown(), flush=True)


if __name__ == "__main__":
    main()
