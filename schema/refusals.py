"""Why a file cannot be read: each reason with its code, its sentence and the steps that mend it."""

from __future__ import annotations

from schema.errors import Unreadable

_RESAVE = "Open it in the program that made it and save it again as .xlsx or as CSV UTF-8."
_COPY = "Copy the rows into a new workbook, or start from the template."
_AS_CSV = "Or save the sheet with the prompts as CSV UTF-8."

REASONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "empty-file": (
        "{name} is empty: it has no bytes at all.",
        ("Check that it was saved, and choose it again.", "Or start from the template."),
    ),
    "not-a-sheet": (
        "{name} is {what}, not a spreadsheet we can read.",
        ("Save the table as .xlsx, .xls, .ods or CSV UTF-8 and choose that file.",),
    ),
    "password-protected": (
        "{name} is protected with a password, so its cells cannot be read.",
        ("Open it, remove the password (File → Info → Protect Workbook in Excel) and save it.", _AS_CSV),
    ),
    "damaged": (
        "{name} is damaged: it begins like a workbook but cannot be read as one.",
        (_RESAVE, "If it does not open there either, take an older copy."),
    ),
    "too-big": (
        "{name} is {size}; a file may have {limit} at most.",
        ("Remove pictures and sheets that are not needed, or split the rows into several files.",),
    ),
    "too-many-parts": (
        "{name} is packed too tightly to be opened safely: {what}.",
        (_COPY, _AS_CSV),
    ),
    "too-many-cells": (
        "{name} spreads over too many cells: {what}, where {limit:,} cells are the most.",
        ("Delete the cells far from the table.", _COPY),
    ),
    "too-many-columns": (
        "{name} has {count:,} columns; {limit:,} are the most.",
        ("Delete the cells to the right of the table.", _COPY),
    ),
    "too-many-rows": (
        "{name} has more than {hard:,} rows; {limit:,} are the most here, the header included.",
        ("Split the rows into several files.",),
    ),
    "too-much-text": (
        "{name} holds more text than fits: over {characters:,} characters.",
        ("Split the rows into several files.",),
    ),
    "out-of-memory": (
        "{name} needs more memory to open than a sheet of prompts ever should, so reading it was stopped.",
        (_COPY, _AS_CSV),
    ),
    "timed-out": (
        "{name} takes too long to open, so reading it was stopped after {seconds} seconds.",
        (_COPY, _AS_CSV),
    ),
    "reader-failed": (
        "{name} cannot be opened: the program that reads workbooks gave up on it.",
        (_RESAVE,),
    ),
    "unclosed-quote": (
        "{name} has a quotation mark too many or too few: {what}.",
        (
            "Write a quotation mark inside a quoted cell twice: \"\".",
            "Or save the sheet again as CSV UTF-8 from a spreadsheet program.",
        ),
    ),
    "unknown-encoding": (
        "{name} is text in an encoding we cannot make out.",
        ("Save it again as CSV UTF-8.",),
    ),
}  # fmt: skip


def refusal(code: str, name: str, **facts: object) -> Unreadable:
    """The error to raise for one of REASONS; `facts` fill the blanks of its sentence."""
    sentence, steps = REASONS[code]
    return Unreadable(sentence.format(name=name or "The file", **facts), steps, code)
