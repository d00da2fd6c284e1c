"""A brief as it is typed: the fields of the form, what they say so far, and what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assistant.drafting import combinations
from assistant.drafting.brief import ROWS, Brief, Wish, asked_in, parse, tidy
from assistant.drafting.wishes import PROMPT, spare
from jobs.errors import Invalid
from schema import columns
from schema.columns import Column
from schema.wording import quoted

Form = Mapping[str, Any]
"""`goal`, `examples`, `context`, `rows` as typed; `lists` by name; `settings`: what is picked by column."""

TEXTS = ("goal", "examples", "context", "rows")
LISTS = "lists"
OPEN, DEFAULT, SAME, SPREAD, MODEL = "", "default", "same", "spread", "model"
"""What may be picked for a column beside one of its values, which is picked as `=value`."""
EXAMPLE = "x"
"""A goal for reading one field alone."""


@dataclass(frozen=True)
class Reading:
    """What the form says so far.

    brief   of what can be used; its goal may be empty
    errors  what is wrong, in a sentence, by field: one of TEXTS, or a column's name
    """

    brief: Brief
    errors: Mapping[str, str]


def begun(goal: str, max_rows: int) -> dict[str, Any]:
    """The form at the start: the goal, the number that it asks for, every column as it is by default."""
    settings = {
        column.name: {"pick": _first_pick(column), "over": [], "own": "", "text": ""} for column in settable()
    }
    return {
        "goal": goal.strip(),
        "examples": "",
        "context": "",
        "rows": str(min(asked_in(goal), max_rows - 1)),
        "lists": {},
        "settings": settings,
    }


def of(brief: Brief) -> dict[str, Any]:
    """The form that says what a brief does: a sample, to begin with."""
    form = begun(brief.goal, brief.rows + 1)
    for name, wish in brief.settings.items():
        said = form["settings"][name]
        if wish.kind == "spread":
            said |= {"pick": SPREAD, "over": list(wish.values)}
        else:
            said["pick"] = f"={wish.values[0]}"
    examples = "\n".join(brief.examples)
    return {**form, "examples": examples, "context": brief.context, "rows": str(brief.rows)}


def settable() -> list[Column]:
    """The columns that a brief may say something of: all but the prompt, which is written for each row."""
    return [column for column in columns.load().all if column.name != PROMPT]


def typed(sent: MultiDict[str, str]) -> dict[str, Any]:
    """The form as a browser sent it."""
    texts = {name: _lines(sent.get(name, "")) for name in TEXTS}
    settings = {
        column.name: {
            "pick": sent.get(f"pick-{column.name}", _first_pick(column)),
            "over": sent.getlist(f"over-{column.name}"),
            "own": _lines(sent.get(f"own-{column.name}", "")),
            "text": _lines(sent.get(f"text-{column.name}", "")),
        }
        for column in settable()
    }
    lists = {
        name.removeprefix("list-"): _lines(text) for name, text in sent.items() if name.startswith("list-")
    }
    return {**texts, LISTS: lists, "settings": settings}


def lists_of(form: Form) -> dict[str, str]:
    """The text of each list that the examples name, empty where nothing was typed for it yet."""
    typed = form.get(LISTS, {})
    return {name: typed.get(name, "") for name in combinations.named([form.get("examples", "")])}


def said_of(form: Form, column: Column) -> Mapping[str, Any]:
    """What is picked for a column; as at the start where the form is older than the column."""
    nothing = {"pick": _first_pick(column), "over": [], "own": "", "text": ""}
    found: Mapping[str, Any] = nothing | dict(form.get("settings", {}).get(column.name, {}))
    return found


def read(form: Form, max_rows: int) -> Reading:
    """Read each field by itself, so that each error stands at its own; then what they say together."""
    errors: dict[str, str] = {}
    good: dict[str, Any] = {}
    for name in TEXTS:
        try:
            good[name] = getattr(parse({"goal": EXAMPLE, name: form.get(name, "")}, max_rows), name)
        except Invalid as reason:
            errors[name] = _at(name, str(reason))
    try:
        lists = {name: text for name, text in lists_of(form).items() if text.strip()}
        good[LISTS] = parse({"goal": EXAMPLE, LISTS: lists}, max_rows).lists
        if lacking := [name for name in lists_of(form) if name not in lists]:
            errors[LISTS] = f"The examples have __{lacking[0]}__. Write its values, one in each line."
    except Invalid as reason:
        errors[LISTS] = _at(LISTS, str(reason))
    settings: dict[str, Wish] = {}
    for column in settable():
        try:
            if wish := _wish(column, said_of(form, column), max_rows):
                settings[column.name] = wish
        except Invalid as reason:
            errors[column.name] = _at(column.name, str(reason))
    brief = Brief(
        **{"goal": tidy(str(form.get("goal", "")))[:500], "rows": ROWS, **good, "settings": settings}
    )
    return Reading(brief, errors or dict(_together(brief, max_rows)))


def _wish(column: Column, said: Mapping[str, Any], max_rows: int) -> Wish | None:
    """What is wished of a column, None for nothing. Raises Invalid."""
    if said["pick"] == OPEN and not column.required:
        return None
    document = _document(column, said)
    brief = parse({"goal": EXAMPLE, "settings": {column.name: document}}, max_rows)
    return brief.settings[column.name]


def _document(column: Column, said: Mapping[str, Any]) -> dict[str, Any]:
    """What is picked, as `POST /drafts` takes it."""
    if said["pick"] == SPREAD:
        values = [*said["over"], *filter(None, map(str.strip, said["own"].split("\n")))]
        if len(set(values)) < 2:
            raise Invalid("Choose at least two to spread over.")
        return {"spread": values}
    if said["pick"] == MODEL:
        return {"model": True}
    if said["pick"] == SAME:
        if not said["text"].strip():
            raise Invalid("Write what every row gets, or pick the default.")
        return {"fixed": said["text"]}
    value = said["pick"].removeprefix("=") if said["pick"].startswith("=") else ""
    if not value and column.required:
        raise Invalid(f"Every row needs a {column.title.lower()}: pick one.")
    return {"fixed": value}


def _together(brief: Brief, max_rows: int) -> Iterator[tuple[str, str]]:
    """What is wrong between fields that are right alone."""
    document = {
        "goal": brief.goal,
        "settings": {name: wish.to_json() for name, wish in brief.settings.items()},
    }
    try:
        parse(document, max_rows)
    except Invalid as reason:
        column = re.match(r"settings: (\w+):", str(reason))
        name = column[1] if column else "goal"
        yield name, _at(name, str(reason))


def _at(field: str, sentence: str) -> str:
    """A sentence as it stands beside its field, which need not be named again."""
    short = re.sub(rf"^settings: {field}:? ", "", sentence)
    short = re.sub(rf"^{field} (?=is|has|takes)", "It ", short)
    return short[:1].upper() + short[1:]


def _first_pick(column: Column) -> str:
    """What is picked at first: what keeps images private, else what the brief says."""
    wish = spare(column)
    return f"={wish.values[0]}" if wish.kind == "fixed" else OPEN


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def called(form: Form) -> str:
    """What a brief goes by in a list: its goal, else its examples; empty where nothing is typed."""
    words = (
        form.get("goal", "").strip() or form.get("examples", "").strip() or form.get("context", "").strip()
    )
    return quoted(words, 60) if words else ""
