"""What is said once, after something was done: a toast on the next page that is shown, with its undo."""

from __future__ import annotations

from typing import TypedDict

from flask import session


class Toast(TypedDict):
    """`level` is fixed, warning or error; `undo` the address that takes it back, and what its button says."""

    text: str
    level: str
    undo: str | None
    label: str


def say(text: str, *, level: str = "fixed", undo: str | None = None, label: str = "Undo") -> None:
    """Keep a toast for the next page this browser gets."""
    session["toasts"] = [*session.get("toasts", ()), Toast(text=text, level=level, undo=undo, label=label)]


def said() -> list[Toast]:
    """What was kept, once."""
    kept: list[Toast] = session.pop("toasts", [])
    return kept
