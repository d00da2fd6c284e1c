"""The machine itself: Python, settings, data folder, the files that come with the product, the port."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from assistant import guards
from assistant.checkup.finding import OK, PROBLEM, Finding, masked
from assistant.commands.up import answers
from assistant.listening import listen
from assistant.supervisor import running
from jobs.errors import NotConfigured
from jobs.settings import ALL, Setting, Settings
from schema.nearest import unmistakable
from schema.wording import listed

OLDEST = (3, 11)
LITTLE_ROOM = 1 << 30
"""Bytes; a sheet of 499 rows with four images of 1 MB each needs two of them."""

PREFIX = "PROMPTSHEET_"


def python() -> Finding:
    words = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < OLDEST:
        return Finding("Python", PROBLEM, f"{words}; 3.11 or newer is needed.")
    return Finding("Python", OK, words)


def settings_given() -> Finding:
    """The settings that the environment has, and names in it that are probably meant to be one."""
    known = {setting.name: setting for setting in ALL}
    given = [f"{name}={_shown(known[name])}" for name in known if os.environ.get(name)]
    slips = {
        name: f"{PREFIX}{meant}"
        for name in os.environ
        if name.startswith(PREFIX) and name not in known
        if (meant := unmistakable(name.removeprefix(PREFIX), [word.removeprefix(PREFIX) for word in known]))
    }
    if slips:
        words = [f"{name} is no setting; {meant} is meant" for name, meant in slips.items()]
        return Finding("Settings", PROBLEM, f"{listed(words)}. Rename it.")
    return Finding("Settings", OK, ", ".join(given) or "all at their defaults")


def data_folder(settings: Settings) -> Finding:
    """Looks without making anything: a folder that is missing is made by the first start."""
    return room("Data folder", settings.data)


def room(part: str, folder: Path) -> Finding:
    """Whether a folder can be written, and how much fits."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding(part, PROBLEM, f"{there} cannot be written. Choose another folder, or its owner.")
    free = shutil.disk_usage(there).free
    words = f"{folder}, {free >> 30:,} GB free" + ("" if there == folder else "; the first start makes it")
    if free < LITTLE_ROOM:
        return Finding(part, PROBLEM, f"{words}. That holds few images: make room.")
    return Finding(part, OK, words)


def vendor_files() -> Finding:
    from assistant.app import VENDOR

    try:
        guards.require_vendor_files(VENDOR)
    except NotConfigured as reason:
        return Finding("Front-end files", PROBLEM, str(reason))
    return Finding("Front-end files", OK, "fetched")


def fonts() -> Finding:
    """The proof renderer's faces, from the packages that bring them."""
    from jobs.backends.proof.lettering import SANS, SANS_BOLD, SERIF, SERIF_BLACK, font

    try:
        names = [
            " ".join(map(str, font(face, 12).getname())) for face in (SERIF, SERIF_BLACK, SANS, SANS_BOLD)
        ]
    except (OSError, ModuleNotFoundError) as reason:
        return Finding("Fonts", PROBLEM, f"They cannot be opened ({reason}). `make setup` installs them.")
    return Finding("Fonts", OK, listed(names))


def port(settings: Settings) -> Finding:
    """Free, or taken by the Promptsheet of this data folder."""
    url = running(settings.data)
    if url and answers(url):
        return Finding("Port", OK, f"Promptsheet runs at {url}")
    try:
        listen(settings).close()
    except NotConfigured as reason:
        return Finding("Port", PROBLEM, str(reason))
    words = f"{settings.port} at {settings.host} is free" if settings.port else "any that is free"
    return Finding("Port", OK, words)


def _shown(setting: Setting) -> str:
    """A setting's value as it may stand on a screen that others see."""
    return "•••" if setting.secret else masked(os.environ[setting.name])
