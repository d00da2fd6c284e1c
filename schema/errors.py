"""The root of the error tree and what reading and writing files ends in; jobs/errors.py draws the tree."""

from __future__ import annotations


class PromptsheetError(Exception):
    """Anything the product itself says no with.

    `str(error)` is the sentence for the person: what, where, how to mend it. `code` is a stable word in
    kebab-case, `status` the HTTP status a page or the API answers with, `retry` whether trying the same
    again may help.
    """

    code = "error"
    status = 500
    retry = False


class Unreadable(PromptsheetError):
    """A file that is no sheet we can read. `steps` are what to do about it, in order, maybe none."""

    code = "unreadable"
    status = 422

    def __init__(self, sentence: str, steps: tuple[str, ...] = (), code: str = "unreadable") -> None:
        super().__init__(sentence)
        self.steps = steps
        self.code = code


class Unwritable(PromptsheetError):
    """Cells that a file of the wanted kind cannot hold; the sentence names the first one and the way out."""

    code = "unwritable"
    status = 422
