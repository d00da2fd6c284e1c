"""A brief is begun, and saved as it is typed; examples come from a file or from starred images."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request as htmx_request

from assistant.drafting.brief import EXAMPLES
from assistant.drafting.examples import examples_of
from assistant.drafting.samples import sample
from assistant.here import owner, services
from assistant.toasts import say
from assistant.web.brief import form as forms
from assistant.web.brief.form import LISTS
from assistant.web.brief.page import checking, look, starred_prompts
from assistant.web.brief.room import pages
from assistant.words import count
from jobs import naming
from jobs.store import briefs
from schema.encoding import decode
from schema.errors import Unreadable


@pages.post("")
def begin() -> ResponseReturnValue:
    """A new brief with the `goal` typed on the start page, or the `sample` picked there."""
    here = services()
    if name := request.form.get("sample"):
        form = forms.of(sample(name))
    else:
        form = forms.begun(request.form.get("goal", ""), here.settings.max_rows)
    with here.database.write() as connection:
        brief_id = briefs.add(connection, owner(), form, here.clock())
    return redirect(url_for(".page", brief_id=brief_id), 303)


@pages.post("/<brief_id>")
def save(brief_id: str) -> ResponseReturnValue:
    """Keep what is typed. A page that asked through htmx hears what it comes to."""
    keep(brief_id)
    if not htmx_request.htmx:
        return redirect(url_for(".page", brief_id=brief_id), 303)
    live = look(brief_id)
    return render_template(
        "brief/_live.html",
        live=live,
        errors=live.reading.errors if checking() else {},
        checking=checking(),
        lists_changed=request.form.get("lists-shown", "").split() != list(live.lists),
    )


@pages.post("/<brief_id>/discard")
def discard(brief_id: str) -> ResponseReturnValue:
    """Offer it on the start page no more; its address, and its undo, still lead to it."""
    _discard(brief_id, services().clock())
    say("The brief is discarded.", undo=url_for(".restore", brief_id=brief_id))
    return redirect(url_for("start.index"), 303)


@pages.post("/<brief_id>/restore")
def restore(brief_id: str) -> ResponseReturnValue:
    _discard(brief_id, None)
    say("The brief is back.")
    return redirect(url_for("start.index"), 303)


@pages.post("/<brief_id>/starred")
def starred(brief_id: str) -> ResponseReturnValue:
    """Put the prompts of starred images among the examples."""
    _add(brief_id, starred_prompts(), "from your starred images")
    return _to_examples(brief_id)


@pages.post("/<brief_id>/load")
def load(brief_id: str) -> ResponseReturnValue:
    """Put the prompts of a .txt or .csv `file` among the examples; the others stay."""
    file = request.files.get("file")
    if file is None or not file.filename:
        keep(brief_id)
        say("No file was chosen. Choose a .txt or .csv file with a prompt in each line.", level="warning")
        return _to_examples(brief_id)
    name = naming.file_name(file.filename)
    try:
        found = examples_of(decode(file.stream.read(), name).text)
    except Unreadable as reason:
        keep(brief_id)
        say(f"{name}: {reason}", level="warning")
        return _to_examples(brief_id)
    _add(brief_id, found, f"from {name}")
    return _to_examples(brief_id)


@pages.post("/<brief_id>/lists/<name>")
def load_list(brief_id: str, name: str) -> ResponseReturnValue:
    """Put the lines of a .txt file into a list; those that are there stay."""
    file = next((one for one in request.files.getlist("list-file") if one.filename), None)
    form = keep(brief_id)
    if file is None:
        say("No file was chosen. Choose a .txt file with a value in each line.", level="warning")
        return _to_lists(brief_id)
    called = naming.file_name(file.filename or "")
    try:
        lines = decode(file.stream.read(), called).text.splitlines()
    except Unreadable as reason:
        say(f"{called}: {reason}", level="warning")
        return _to_lists(brief_id)
    before = form[LISTS].get(name, "").splitlines()
    values = list(dict.fromkeys(filter(None, map(str.strip, [*before, *lines]))))
    _save(brief_id, {**form, LISTS: {**form[LISTS], name: "\n".join(values)}})
    say(f"{count(len(values), 'value')} in {name} now.")
    return _to_lists(brief_id)


def keep(brief_id: str) -> dict[str, Any]:
    """Save the form of this request; returns it. Raises NotFound."""
    form = forms.typed(request.form)
    _save(brief_id, form)
    return form


def _save(brief_id: str, form: Mapping[str, Any]) -> None:
    here = services()
    with here.database.write() as connection:
        briefs.save(connection, owner(), brief_id, form, here.clock())


def _discard(brief_id: str, at: float | None) -> None:
    with services().database.write() as connection:
        briefs.discard(connection, owner(), brief_id, at)


def _add(brief_id: str, prompts: Iterable[str], source: str) -> None:
    """Put prompts below the examples that are there, each once, as many as a brief takes."""
    form = keep(brief_id)
    before = str(form["examples"]).rstrip("\n")
    there = list(examples_of(before))
    new = [one for one in dict.fromkeys(" ".join(prompt.split()) for prompt in prompts) if one not in there]
    room = max(0, EXAMPLES - len(there))
    _save(brief_id, {**form, "examples": "\n".join(filter(None, [before, *new[:room]]))})
    left = (
        f" {count(len(new) - room, 'more')} did not fit: {EXAMPLES} are the most." if len(new) > room else ""
    )
    if new[:room]:
        say(f"{count(len(new[:room]), 'prompt')} added {source}.{left}")
    else:
        say(f"Nothing was added {source}: no prompt that is not there already.{left}", level="warning")


def _to_examples(brief_id: str) -> ResponseReturnValue:
    return redirect(url_for(".page", brief_id=brief_id, _anchor="examples-turn"), 303)


def _to_lists(brief_id: str) -> ResponseReturnValue:
    return redirect(url_for(".page", brief_id=brief_id, _anchor="lists"), 303)
