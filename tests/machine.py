"""What this machine has for the tests; run as a program it installs what is missing."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FULL = os.environ.get("PROMPTSHEET_FULL_TESTS") == "1"

HEADLESS = "chromium-headless-shell"
"""Chromium without windows, as Playwright's own is: the tests took a third less CPU with it."""


def chromium() -> str | None:
    """The system's own Chromium or Chrome; None leaves it to Playwright's."""
    return next(
        filter(None, map(shutil.which, (HEADLESS, "chromium", "chromium-browser", "google-chrome"))), None
    )


def libreoffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def postgres() -> Path | None:
    """The folder of PostgreSQL's server programs (initdb, postgres); Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def shared() -> Path | None:
    """The folder of real prompts and real sheets beside the project; a user's clone has none."""
    folder = ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def missing(what: str) -> str | None:
    """Why a test that needs `what` must be skipped; None if it can run. Under full tests it always runs."""
    if FULL or globals()[what]():
        return None
    return f"{what} is not here; PROMPTSHEET_FULL_TESTS=1 make test installs it"


def _apt(*packages: str) -> None:
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "check": True}
    subprocess.run(["apt-get", "-qq", "update"], **quiet)  # type: ignore[call-overload]
    subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages], **quiet)  # type: ignore[call-overload]


def main() -> None:
    """Install a browser where there is none; under full tests the lighter one, and everything else too."""
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if FULL and may_install and not shutil.which(HEADLESS):
        with contextlib.suppress(subprocess.CalledProcessError):  # not every distribution has it
            _apt(HEADLESS)
    wanted = [] if chromium() else ["chromium"]
    if FULL:
        wanted += [] if libreoffice() else ["libreoffice-calc-nogui"]
        wanted += [] if postgres() else ["postgresql"]
    if not wanted:
        return
    if may_install:
        sys.stdout.write(f"Installing for the tests: {chr(44).join(wanted)}\n")
        _apt(*wanted)
    elif FULL and wanted != ["chromium"]:
        sys.exit(f"The full tests need {', '.join(wanted)}; install them and run again.")
    elif not chromium():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    main()
