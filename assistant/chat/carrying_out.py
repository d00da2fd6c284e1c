"""What requests that need no model do: changes to propose, locks to release, and what was understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.chat.changes import ChangeSet
from assistant.chat.ground import PROMPT, Ground, Line, Unclear
from assistant.chat.requests import (
    Append,
    Copy,
    Count,
    Delete,
    Expand,
    Join,
    Release,
    Repeats,
    Request,
    Set,
    Swap,
)
from assistant.drafting import combinations
from assistant.drafting.near import Near
from assistant.drafting.selections import Every, Numbers, Saying, Selection
from assistant.drafting.texts_said import NEGATIVE
from assistant.drafting.tokens import has, plain
from schema.wording import counted, listed, quoted

_LETTERS = frozenset({"text", "texts", "words", "word", "letters", "lettering", "writing", "typography"})
_QUOTED = re.compile(r'"[^"\s][^"]*"')
_WORD = r"(?<![^\W_]){}(?![^\W_])"


class NoSuchRows(Unclear):
    """No prompt has the words: a model may know rows that mean the same in others."""


@dataclass
class Done:
    """What came of requests: sentences, and the locks to take off: (row id, column)."""

    said: list[str] = field(default_factory=list)
    released: list[tuple[str, str]] = field(default_factory=list)


def carry_out(requests: Sequence[Request], changes: ChangeSet) -> Done:
    """Put what is asked for into the change set. Raises Unclear where rows or values are not there."""
    done = Done()
    for request in requests:
        _DO[type(request)](request, changes, done)
    return done


def spoken(numbers: Iterable[int]) -> str:
    """Row numbers as they are said: rows 3, 5 and 8–9."""
    runs: list[tuple[int, int | None]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return Numbers(tuple(runs)).words


def picked(rows: Selection, ground: Ground) -> list[Line]:
    """The rows that are meant, in order. Raises Unclear where there is none."""
    found = rows.pick(ground)
    if found:
        return [line for line in ground.lines if line.id in found]
    if not ground.lines:
        raise Unclear("The sheet has no rows yet.")
    sentence = f"There are none: {rows.words} would have been changed."
    if isinstance(rows, Saying) and not rows.negated:
        both = "both " if rows.together and len(rows.phrases) == 2 else ""
        phrases = listed([quoted(phrase, 40) for phrase in rows.phrases], "and" if both else "or")
        raise NoSuchRows(f"No prompt has {both}{phrases}. Rows are found by the very words of their prompts.")
    raise Unclear(sentence)


def _each(rows: Selection, changes: ChangeSet, column: str, after: Callable[[str], str]) -> list[Line]:
    """Write what `after` makes of each cell; returns the rows that were meant."""
    lines = picked(rows, changes.ground)
    for line in lines:
        text = after(changes.now(line).get(column, ""))
        changes.change(line.id, {column: text}, named=line.number in rows.named)
    return lines


def _set(request: Set, changes: ChangeSet, done: Done) -> None:
    _each(request.rows, changes, request.column, lambda _: request.value)
    if request.value:
        done.said.append(f"Sets {request.column} to {quoted(request.value, 80)} in {request.rows.words}.")
    else:
        means = changes.ground.columns[request.column].empty
        done.said.append(f"Empties {request.column} in {request.rows.words}; it is {means} then.")


def _join(request: Join, changes: ChangeSet, done: Done) -> None:
    def after(text: str) -> str:
        there = [word.strip() for word in text.split(",") if word.strip()]
        known = {word.casefold() for word in there}
        return ", ".join([*there, *(word for word in request.words if word.casefold() not in known)])

    lines = _each(request.rows, changes, request.column, after)
    words = listed([quoted(word, 40) for word in request.words])
    done.said.append(f"Adds {words} to {request.column} in {request.rows.words}.")
    if request.column == NEGATIVE:
        done.said.extend(_asking_all_the_same(lines, request.words))


def _asking_all_the_same(lines: Sequence[Line], words: Sequence[str]) -> Iterable[str]:
    """Rows whose prompt names what is not wanted: a negative prompt alone seldom wins against that."""
    letters = any(word.casefold() in _LETTERS for word in words)
    asking = [
        line.number
        for line in lines
        if any(has(line.cells.get(PROMPT, ""), word) for word in words)
        or (letters and _QUOTED.search(plain(line.cells.get(PROMPT, ""))))
    ]
    if asking:
        one = len(asking) == 1
        ask, them = ("asks for it in its prompt", "it") if one else ("ask for it in their prompts", "them")
        yield f"{spoken(asking).capitalize()} {ask}: reword or delete {them} to be sure."


def _append(request: Append, changes: ChangeSet, done: Done) -> None:
    def after(text: str) -> str:
        first, second = (request.text, text) if request.front else (text, request.text)
        glued = not second[:1].isalnum() or not first or first[-1:].isspace()
        return f"{first}{second}" if glued else f"{first.rstrip(',')}, {second}"

    _each(request.rows, changes, request.column, after)
    where = "before" if request.front else "to the end of"
    done.said.append(f"Adds {quoted(request.text)} {where} the {request.column} in {request.rows.words}.")


def _swap(request: Swap, changes: ChangeSet, done: Done) -> None:
    old = re.compile(_WORD.format(re.escape(request.old)), re.IGNORECASE)

    def new(found: re.Match[str]) -> str:
        return request.new[:1].upper() + request.new[1:] if found[0][:1].isupper() else request.new

    lines = picked(request.rows, changes.ground)
    if not any(old.search(line.cells.get(request.column, "")) for line in lines):
        raise NoSuchRows(f"No {request.column} in {request.rows.words} has the word {quoted(request.old)}.")
    _each(request.rows, changes, request.column, lambda text: old.sub(new, text))
    done.said.append(f"Replaces {quoted(request.old)} with {quoted(request.new)} in {request.rows.words}.")


def _delete(request: Delete, changes: ChangeSet, done: Done) -> None:
    meant = picked(request.rows, changes.ground)
    if request.keep:
        kept = {line.id for line in meant}
        meant = [line for line in changes.ground.lines if line.id not in kept]
    for line in meant:
        changes.delete(line.id, named=not request.keep and line.number in request.rows.named)
    done.said.append(f"{'Keeps only' if request.keep else 'Deletes'} {request.rows.words}.")


def _repeats(_: Repeats, changes: ChangeSet, done: Done) -> None:
    near, found = Near(), 0
    first: dict[str, int] = {}
    for line in changes.ground.lines:
        prompt = line.cells.get(PROMPT, "")
        like = near.like(prompt) if prompt else None
        if like is not None:
            found += 1
            changes.delete(line.id, why=f"Too like row {first[like]}.")
        elif prompt:
            near.add(prompt)
            first.setdefault(prompt, line.number)
    rows = f"{counted(found)} {'row' if found == 1 else 'rows'}"
    done.said.append(
        f"Deletes {rows} whose prompt is nearly that of an earlier one."
        if found
        else "No prompt is nearly that of an earlier row; there is nothing to delete."
    )


def _copy(request: Copy, changes: ChangeSet, done: Done) -> None:
    lines = picked(request.rows, changes.ground)
    for line in lines:
        for _ in range(request.times):
            if not changes.add(changes.now(line), after=line.id, alike=True):
                break
    times = "once" if request.times == 1 else f"{counted(request.times)} times"
    done.said.append(f"Duplicates {request.rows.words} {times}.")


def _expand(request: Expand, changes: ChangeSet, done: Done) -> None:
    lines = [
        line
        for line in picked(request.rows, changes.ground)
        if combinations.varies(line.cells.get(PROMPT, ""))
    ]
    if not lines:
        where = (
            "No prompt has" if isinstance(request.rows, Every) else f"No prompt in {request.rows.words} has"
        )
        raise Unclear(
            f"{where} variants. Write them in braces, “a {{red|blue}} fox”, and expand the row then."
        )
    made = 0
    for line in lines:
        prompts = combinations.expand([line.cells[PROMPT]], None, changes.ground.max_rows)
        if line.number not in request.rows.named and PROMPT in changes.ground.locked.get(line.id, ()):
            changes.change(line.id, {PROMPT: prompts[0]})
            continue
        made += len(prompts)
        changes.change(line.id, {PROMPT: prompts[0]}, named=line.number in request.rows.named)
        for prompt in prompts[1:]:
            changes.add({**changes.now(line), PROMPT: prompt}, after=line.id, alike=True)
    done.said.append(f"Makes {made:,} rows of {spoken(line.number for line in lines)}, one of each variant.")


def _release(request: Release, changes: ChangeSet, done: Done) -> None:
    locked = changes.ground.locked
    lines = picked(request.rows, changes.ground)
    found = [
        (line, column)
        for line in lines
        for column in sorted(locked.get(line.id, ()))
        if request.column in (None, column)
    ]
    if not found:
        what = (
            f"The {request.column} of {request.rows.words}"
            if request.column
            else request.rows.words.capitalize()
        )
        raise Unclear(f"{what}: nothing is locked there.")
    done.released += [(line.id, column) for line, column in found]
    rows = spoken({line.number for line, _ in found}).capitalize()
    columns = listed(sorted({column for _, column in found}))
    done.said.append(f"{rows}: {columns} may be changed again by a proposal.")


def _count(request: Count, changes: ChangeSet, done: Done) -> None:
    ground = changes.ground
    found = request.rows.pick(ground)
    lines = [line for line in ground.lines if line.id in found]
    total = f"{len(ground.lines):,}"
    if request.images:
        images = sum(map(_images(ground), lines))
        rows = f"{len(lines):,} {'row' if len(lines) == 1 else 'rows'}"
        done.said.append(f"{images:,} {'image' if images == 1 else 'images'} of {rows}.")
    elif isinstance(request.rows, Every):
        done.said.append(f"The sheet has {total} {'row' if len(lines) == 1 else 'rows'}.")
    else:
        which = f": {spoken(line.number for line in lines)}" if lines else ""
        words = request.rows.words
        done.said.append(f"{words[0].upper()}{words[1:]}: {len(lines):,} of {total}{which}.")


def _images(ground: Ground) -> Callable[[Line], int]:
    """How many images a row makes: its number, or the default where it has none or a wrong one."""
    column = ground.columns["num_images"]
    low, high, usual = column.minimum or 1, column.maximum or 1, int(column.default or 1)

    def images(line: Line) -> int:
        text = line.cells.get(column.name, "").strip()
        return int(text) if text.isdecimal() and text.isascii() and low <= int(text[:9]) <= high else usual

    return images


_DO: dict[type, Callable[..., None]] = {
    Set: _set,
    Join: _join,
    Append: _append,
    Swap: _swap,
    Delete: _delete,
    Repeats: _repeats,
    Copy: _copy,
    Expand: _expand,
    Release: _release,
    Count: _count,
}
