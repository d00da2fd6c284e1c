"""Operations carried out on a change set: what is proposed, what is said of it, what has to be written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.chat.changes import ChangeSet
from assistant.chat.ground import PROMPT, Ground, Line
from assistant.chat.operations import (
    COPIES,
    Operation,
    Unclear,
    counted_in,
    numbers_in,
    spoken,
    whole_words,
)
from assistant.drafting import combinations
from assistant.drafting.near import Near
from jobs.talk import Answer
from schema.wording import counted, listed, quoted

KEYWORDS = "negative_prompt"


def carry_out(operation: Operation, changes: ChangeSet, text: str = "") -> str:
    """Put what an operation asks for into the change set; a sentence says what differs by it.

    `text` is what the person wrote: rows that it names by their numbers are changed although they are locked.
    Not for `undo` and those that are WRITTEN. Raises Unclear where nothing comes of it.
    """
    changes.part, changes.named = part_of(operation), named_in(operation, changes.ground, text)
    return _DO[operation.op](operation, changes)


def told(
    changes: ChangeSet,
    said: Sequence[str],
    operations: Sequence[Operation],
    source: str,
    *,
    failed: bool = False,
) -> Answer:
    """A change set as an answer, with what is said of it. One that comes to nothing says so."""
    items, left = changes.items(), changes.left()
    sentences = [line for line in dict.fromkeys((*said, *changes.notes())) if line]
    if not sentences and not items:
        sentences.append(
            "Everything that would be changed is locked." if left else "That comes to no change."
        )
    return Answer(
        " ".join(sentences) or None,
        items,
        left,
        source,
        changes.released,
        failed,
        [operation.to_json() for operation in operations],
    )


def lines_of(operation: Operation, changes: ChangeSet) -> list[Line]:
    """The rows that are meant, in order. Raises Unclear where there is none."""
    ground = changes.ground
    if not ground.lines:
        raise Unclear("The sheet has no rows yet.")
    found = [line for line in _of_words(operation.rows, ground) if line.id not in changes.gone]
    if operation.where:
        found = [line for line in found if operation.where.holds(changes.now(line))]
    if not found:
        which = f" where {operation.where.words}" if operation.where else ""
        raise Unclear(f"There are no such rows: {operation.rows or 'all'}{which}.")
    return found


def named_in(operation: Operation, ground: Ground, text: str) -> set[int]:
    """The rows of an operation that the person named by their numbers in so many words."""
    said = {number for low, high in numbers_in(text) for number in range(low, min(high, low + 10_000) + 1)}
    return said & ground.by_number.keys() if numbers_in(operation.rows) else set()


def _of_words(rows: str, ground: Ground) -> list[Line]:
    words = rows.strip().lower()
    if words in ("", "all", "new"):
        return [*ground.lines] if words != "new" else []
    if words in ("shown", "selected"):
        wanted = set(ground.shown if words == "shown" else ground.selected)
        found = [line for line in ground.lines if line.id in wanted]
        if not found:
            raise Unclear(f"No rows are {words}." if words == "selected" else "No rows are shown.")
        return found
    if some := counted_in(words):
        word, count = some
        return list(ground.lines[:count] if word == "first" else ground.lines[-count:] if count else [])
    ranges = numbers_in(words)
    if not ranges:
        raise Unclear(f"It is not clear which rows {quoted(rows, 40)} are.")
    return [line for line in ground.lines if any(low <= line.number <= high for low, high in ranges)]


def strange_rows(operation: Operation, ground: Ground) -> list[int]:
    """Numbers that an operation names and the sheet does not have."""
    if counted_in(operation.rows):
        return []
    ends = {end for pair in numbers_in(operation.rows) for end in pair}
    return sorted(ends - ground.by_number.keys())


def _each(
    changes: ChangeSet, lines: Iterable[Line], column: str, after: Callable[[int, str], str]
) -> list[Line]:
    """Write what `after` makes of each row's place and cell; returns the rows that differ by it.

    Raises Unclear where none does.
    """
    left = len(changes.left())
    changed = [
        line
        for place, line in enumerate(lines)
        if changes.change(line.id, {column: after(place, changes.now(line).get(column, ""))})
    ]
    if not changed:
        why = "is left as it is" if len(changes.left()) > left else "is so already"
        raise Unclear(f"{changes.part[:80]}: nothing to change, what was meant {why}.")
    return changed


def _column(operation: Operation, default: str = "") -> str:
    column = operation.column or default
    if not column:
        raise Unclear("It is not clear which column is meant.")
    return column


def _set(operation: Operation, changes: ChangeSet) -> str:
    column = _column(operation)
    if not operation.values:
        raise Unclear(f"It is not clear what {column} is to become.")
    try:
        values = tuple(changes.fit(column, value) for value in operation.values)
    except Unclear as why:
        raise Unclear(f"{column}: {why}") from None
    if operation.rows.strip().lower() == "new":
        changes.set_new(column, values)
        return f"{column} becomes {listed([quoted(value, 80) for value in values])} in the new rows."
    meant = lines_of(operation, changes)
    lines = _each(changes, meant, column, lambda place, _: values[place % len(values)])
    means = changes.ground.columns[column].empty
    told = [quoted(value, 80) if value else f"{means} (empty)" for value in values]
    evenly = ", dealt evenly" if len(values) > 1 else ""
    return f"{column} becomes {listed(told)}{evenly} in {_rows(lines, changes)}."


def _swap(operation: Operation, changes: ChangeSet) -> str:
    column, old = _column(operation, PROMPT), _needed(operation.text, "which words are to be replaced")
    found = whole_words(old)

    def new(match: re.Match[str]) -> str:
        words = operation.replacement
        return words[:1].upper() + words[1:] if match[0][:1].isupper() else words

    lines = [line for line in lines_of(operation, changes) if found.search(changes.now(line).get(column, ""))]
    if not lines:
        raise Unclear(f"No {column} among these rows has the words {quoted(old, 60)}.")

    def after(_: int, there: str) -> str:
        text = found.sub(new, there)
        return text if operation.replacement else _tidied(text)

    lines = _each(changes, lines, column, after)
    what = f"{quoted(old, 60)} becomes {quoted(operation.replacement, 60)}"
    gone = f"{quoted(old, 60)} is taken out"
    return f"{what if operation.replacement else gone} in {spoken(line.number for line in lines)}."


def _remove(operation: Operation, changes: ChangeSet) -> str:
    bare = Operation("swap", operation.rows, operation.where, operation.column, (), operation.text)
    return _swap(bare, changes)


def _append(operation: Operation, changes: ChangeSet) -> str:
    column, text = _column(operation, PROMPT), _needed(operation.text, "what is to be added")
    front = operation.op == "prepend"

    def after(_: int, there: str) -> str:
        if column == KEYWORDS:
            return _with_keywords(there, text)
        if not there.strip():
            return text
        between = "" if text[:1] in " ,.;:" else " " if front else ", "
        joined = f"{text}{between}{there}" if front else f"{there.rstrip()}{between}{text}"
        return there if text.strip(" ,.;:").casefold() in there.casefold() else joined

    lines = _each(changes, lines_of(operation, changes), column, after)
    where = "before" if front else "to"
    return f"Adds {quoted(text, 80)} {where} {column} in {_rows(lines, changes)}."


def _with_keywords(there: str, text: str) -> str:
    found = [word.strip() for word in there.split(",") if word.strip()]
    known = {word.casefold() for word in found}
    new = [word.strip() for word in text.split(",") if word.strip() and word.strip().casefold() not in known]
    return ", ".join([*found, *new])


def _delete(operation: Operation, changes: ChangeSet) -> str:
    meant = lines_of(operation, changes)
    kept = {line.id for line in meant}
    if operation.op == "keep":
        meant = [line for line in changes.ground.lines if line.id not in kept]
    gone = [line for line in meant if changes.delete(line.id)]
    if not gone:
        raise Unclear("Nothing is deleted." if meant else "There are no other rows.")
    return f"Deletes {_rows(gone, changes)}."


def _similar(_: Operation, changes: ChangeSet) -> str:
    rows = 0
    for first, others in alike(changes.ground.lines):
        changes.part = f"Like row {first.number:,}: {first.cells.get(PROMPT, '')}"
        for line in others:
            rows += 1
            changes.delete(line.id, why=f"Too like row {first.number:,}, which is kept.")
    if not rows:
        raise Unclear("No prompt is nearly that of an earlier row; there is nothing to delete.")
    say = "row says" if rows == 1 else "rows say"
    told = f"{counted(rows).capitalize()} {say} nearly the same as an earlier one."
    return f"{told} The first of each is kept."


def alike(lines: Iterable[Line]) -> list[tuple[Line, list[Line]]]:
    """Rows whose prompts say nearly the same: the first of each, and those that are like it."""
    near, first = Near(), dict[str, Line]()
    groups: dict[str, tuple[Line, list[Line]]] = {}
    for line in lines:
        prompt = line.cells.get(PROMPT, "")
        like = near.like(prompt) if prompt else None
        if like is not None:
            groups.setdefault(like, (first[like], []))[1].append(line)
        elif prompt:
            near.add(prompt)
            first.setdefault(prompt, line)
    return list(groups.values())


def _duplicate(operation: Operation, changes: ChangeSet) -> str:
    lines, times = lines_of(operation, changes), operation.count or 1
    if times > COPIES:
        raise Unclear(f"{times:,} copies are too many at once; {COPIES} are the most.")
    for line in lines:
        for _ in range(times):
            if not changes.add(changes.now(line), after=line.id, alike=True, strand=line.strand):
                break
    often = "once" if times == 1 else f"{counted(times)} times"
    return f"Duplicates {_rows(lines, changes)} {often}."


def _move(operation: Operation, changes: ChangeSet) -> str:
    lines, ground = lines_of(operation, changes), changes.ground
    above = ground.by_number.get(operation.below)
    if operation.below > 1 and above is None:
        raise Unclear(f"There is no row {operation.below:,} to move them below.")
    if above in lines:
        raise Unclear("Rows cannot be moved below one of themselves.")
    for line in lines:
        changes.move(line.id, above.id if above else "")
    where = f"below row {operation.below:,}" if above else "to the top"
    return f"Moves {_rows(lines, changes)} {where}."


def _expand(operation: Operation, changes: ChangeSet) -> str:
    lines = [
        line
        for line in lines_of(operation, changes)
        if combinations.varies(changes.now(line).get(PROMPT, ""))
    ]
    if not lines:
        raise Unclear("No prompt there has variants. Write them in braces, “a {red|blue} fox”, first.")
    made = 0
    for line in lines:
        prompts = combinations.expand([changes.now(line)[PROMPT]], None, changes.ground.max_rows)
        if changes.hold(line.id, PROMPT):
            continue
        made += len(prompts)
        changes.change(line.id, {PROMPT: prompts[0]})
        for prompt in prompts[1:]:
            cells = {**changes.now(line), PROMPT: prompt}
            changes.add(cells, after=line.id, alike=True, strand=line.strand)
    return f"Makes {made:,} rows of {spoken(line.number for line in lines)}, one of each variant."


def _release(operation: Operation, changes: ChangeSet) -> str:
    lines = lines_of(operation, changes)
    found = [pair for line in lines for pair in changes.release(line.id, operation.column)]
    if not found:
        raise Unclear(f"Nothing is locked in {_rows(lines, changes)}.")
    columns = listed(sorted({column for _, column in found}))
    rows = spoken({changes.ground.by_id[row_id].number for row_id, _ in found}).capitalize()
    return f"{rows}: {columns} may be changed again by a proposal."


def _answer(operation: Operation, changes: ChangeSet) -> str:
    """An answer in words, with the rows that it is about counted and named by the program."""
    if not operation.rows and not operation.where:
        return _needed(operation.text, "what is asked")
    lines, total = lines_of(operation, changes), len(changes.ground.lines)
    rows = f"{len(lines):,} of {total:,}: {spoken(line.number for line in lines)}."
    return f"{operation.text} {rows}".strip()


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise Unclear(f"It is not clear {what}.")
    return text


def _tidied(text: str) -> str:
    """Without the spaces and commas that words leave behind which were taken out."""
    return re.sub(r"(?:\s*,)+", ",", re.sub(r"\s{2,}", " ", text)).strip(" ,")


def _rows(lines: Sequence[Line], changes: ChangeSet) -> str:
    """The rows as they are said: by their numbers where they are few, else how many."""
    if len(lines) == len(changes.ground.lines):
        return f"all {len(lines):,} rows" if len(lines) > 1 else "the row"
    said = spoken(line.number for line in lines)
    return said if len(said) < 60 else f"{len(lines):,} rows"


def part_of(operation: Operation) -> str:
    """What an operation is called above the rows that it changes."""
    match operation.op:
        case "set" if len(operation.values) < 2:
            return f"{operation.column}: {next(iter(operation.values), '') or 'empty'}"
        case "set":
            return f"{operation.column}: {' / '.join(operation.values)}"
        case "swap":
            return f"{operation.text} → {operation.replacement}"
        case "append" | "prepend":
            return f"+ {operation.text}"
        case "remove":
            return f"− {operation.text}"
        case "rewrite":
            return operation.text
        case "add":
            return f"New: {operation.text}" if operation.text else "New"
    return operation.op.capitalize()


_DO: dict[str, Callable[[Operation, ChangeSet], str]] = {
    "set": _set,
    "swap": _swap,
    "append": _append,
    "prepend": _append,
    "remove": _remove,
    "delete": _delete,
    "keep": _delete,
    "duplicate": _duplicate,
    "move": _move,
    "similar": _similar,
    "expand": _expand,
    "release": _release,
    "answer": _answer,
}
