"""What is wrong with a request, in a sentence: what, where, and what it takes."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from schema.wording import quoted

MOST = 5
"""Faults that are told; one usually brings the others."""


def said(fault: ValidationError) -> str:
    """A sentence for each fault, the first ones."""
    return " ".join(_sentence(found) for found in fault.errors(include_url=False)[:MOST])


def _sentence(found: Any) -> str:
    where = _where(found["loc"])
    match found["type"]:
        case "missing":
            return f"{where} is missing."
        case "extra_forbidden":
            return f"{where} is not known here."
        case "literal_error" | "enum":
            return f"{where} is {_shown(found['input'])}; it takes {found['ctx']['expected']}."
    _, should, takes = found["msg"].partition(" should ")
    wanted = takes if should else f"be {found['msg'].removeprefix('Value error, ')}"
    return f"{where} is {_shown(found['input'])}; it should {wanted}."


def _where(steps: tuple[int | str, ...]) -> str:
    """entry 2, column: people count from one."""
    words = [f"entry {step + 1}" if isinstance(step, int) else str(step) for step in steps]
    return ", ".join(words) or "The body"


def _shown(given: object) -> str:
    """What was sent, as JSON calls it where it is long."""
    match given:
        case str():
            return quoted(given)
        case dict():
            return "an object"
        case list():
            return "a list"
    return json.dumps(given, default=str)
