"""Files made from code: `python -m tests.derived --check` says which are stale, `--write` makes them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from jobs.settings import ALL, Setting

ROOT = Path(__file__).parents[1]

SETTINGS_HEAD = """# Settings

Promptsheet reads its settings from the environment, once, when it starts. Each has a default, so none must be
set. `promptsheet doctor` shows those that are and tries what they name. This page is made from
`jobs/settings.py` by `python -m tests.derived --write`.

| Setting | Default | Meaning |
|---|---|---|
"""


def settings() -> str:
    """docs/SETTINGS.md: a row for every setting."""
    return SETTINGS_HEAD + "".join(map(_row, ALL))


def _row(setting: Setting) -> str:
    default = f"`{setting.default}`" if setting.default else "none"
    secret = " Never shown." if setting.secret else ""
    return f"| `{setting.name}` | {default} | {setting.help}{secret} |\n"


FILES: Mapping[str, Callable[[], str]] = {"docs/SETTINGS.md": settings}


def stale() -> list[str]:
    """The files that are not what the code makes of them now."""
    return [name for name, made in FILES.items() if _read(ROOT / name) != made()]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main(arguments: list[str]) -> None:
    if arguments == ["--write"]:
        for name in stale():
            (ROOT / name).write_text(FILES[name](), encoding="utf-8")
            sys.stdout.write(f"{name} written\n")
    elif arguments != ["--check"]:
        sys.exit("python -m tests.derived --check | --write")
    elif found := stale():
        sys.exit(f"Out of date: {', '.join(found)}. Run: python -m tests.derived --write")


if __name__ == "__main__":
    main(sys.argv[1:])
