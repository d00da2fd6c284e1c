"""What a request has at hand: the open services, and whose sheets and batches it is about."""

from __future__ import annotations

from typing import cast

from flask import current_app

from jobs.services import LOCAL, Services


def services() -> Services:
    return cast("Services", current_app.extensions["services"])


def owner() -> str:
    """The person asking. Every query takes it; while there is no login it is the one built-in person."""
    return LOCAL
