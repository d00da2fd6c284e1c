"""The answer of a chat app as it comes to us: pasted into a field, or as a file that holds rows."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.toasts import say
from assistant.words import count
from jobs import naming
from jobs.errors import Invalid
from jobs.store.drafts import Draft
from schema import reader
from schema.encoding import decode
from schema.kinds import kind_of
from schema.writer import write


def answer() -> str:
    """The text of this request's `answer-file`, else of its `answer`. Raises Invalid where both are empty."""
    file = request.files.get("answer-file")
    if file is not None and file.filename:
        return text_of(file.stream.read(), naming.file_name(file.filename))
    text = request.form.get("answer", "").replace("\r\n", "\n")
    if not text.strip():
        raise Invalid("Nothing was pasted. Copy the whole answer of the chat app and paste it here.")
    return text


def text_of(data: bytes, name: str) -> str:
    """The text of a file; of a workbook its rows as CSV. Raises Unreadable."""
    if kind_of(data, name) == "text":
        return decode(data, name).text
    table = reader.read(data, name)
    return write(table.headers, (row.cells for row in table.rows), "csv").decode("utf-8-sig")


def onward(draft: Draft, before: int) -> ResponseReturnValue:
    """To the sheet where all rows are there, else to the instruction for the others; says how many came."""
    missing = max(0, draft.asked - draft.came)
    say(f"{count(draft.came - before, 'row')} read." + (f" {missing:,} to go." if missing else ""))
    return redirect(url_for("draft.answer" if missing else "draft.page", draft_id=draft.id), 303)
