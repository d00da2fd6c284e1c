"""The forms in which models answer, asked for or not: an object, fences, prose, tables, thoughts before."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

Objects = Sequence[dict[str, Any]]


def _dump(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _object(key: str, rows: Objects) -> str:
    return f'{{"{key}": [{", ".join(map(_dump, rows))}]}}'


def _escaped(key: str, rows: Objects) -> str:
    return json.dumps({key: list(rows)})


def _fence(key: str, rows: Objects) -> str:
    return f"Here are the rows:\n\n```json\n{_dump({key: rows}, 2)}\n```\n\nTell me if you need more."


def _prose(_: str, rows: Objects) -> str:
    return "Of course [1].\n" + "".join(
        f"\nRow {at}: {_dump(row)} – what do you {{think}}?\n" for at, row in enumerate(rows)
    )


def _think(key: str, rows: Objects) -> str:
    thought = '<think>\nThey want rows such as {"prompt": "not this one"} and "quotes.\n</think>\n\n'
    return thought + _object(key, rows)


def _alone(key: str, rows: Objects) -> str:
    """Thoughts whose opening mark stands in the model's template, and is not sent."""
    return f'They want rows such as {{"prompt": "not this one"}}.\n</think>\n\n{_object(key, rows)}'


def _channels(key: str, rows: Objects) -> str:
    thought = '<|channel|>analysis<|message|>Such as {"prompt": "not this one"}.<|end|><|start|>assistant'
    return f"{thought}<|channel|>final<|message|>{_object(key, rows)}<|return|>"


def _brackets(key: str, rows: Objects) -> str:
    return f'[THINK]Such as {{"prompt": "not this one"}}.[/THINK]{_object(key, rows)}'


def _table(delimiter: str, rows: Objects) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {name: "" if value is None else value for name, value in row.items()} for row in rows
        )
    return out.getvalue()


def _markdown(_: str, rows: Objects) -> str:
    names = list(rows[0]) if rows else []
    lines = [names, ["---"] * len(names), *([row[name] for name in names] for row in rows)]
    return "".join(
        "| " + " | ".join("" if cell is None else str(cell).replace("|", "\\|") for cell in line) + " |\n"
        for line in lines
    )


def _renamed(key: str, rows: Objects) -> str:
    return _object(
        key, [{name.replace("_", " ").title(): value for name, value in row.items()} for row in rows]
    )


def _loose(key: str, rows: Objects) -> str:
    body = ",\n".join(
        "  {" + ", ".join(f'"{name}": {_dump(value)}' for name, value in row.items()) + ",}" for row in rows
    )
    return f'{{\n"{key}": [\n{body},\n] // done\n}}'


SHAPES: dict[str, Callable[[str, Objects], str]] = {
    "object": _object,
    "escaped": _escaped,
    "fence": _fence,
    "prose": _prose,
    "think": _think,
    "alone": _alone,
    "channels": _channels,
    "brackets": _brackets,
    "lines": lambda _, rows: "\n".join(map(_dump, rows)) + "\n",
    "array": lambda _, rows: _dump(list(rows), 1),
    "double": lambda key, rows: _dump(_object(key, rows)),
    "strings": lambda key, rows: _dump({key: [_dump(row) for row in rows]}),
    "python": lambda _, rows: repr(list(rows)),
    "loose": _loose,
    "renamed": _renamed,
    "csv": lambda _, rows: _table(",", rows),
    "csv-fence": lambda _, rows: f"Here is the file:\n\n```csv\n{_table(',', rows)}```\n",
    "semicolons": lambda _, rows: _table(";", rows),
    "tabs": lambda _, rows: _table("\t", rows),
    "markdown": _markdown,
    "loop": lambda _, rows: "Sure, here is a row, and so on, and so on, and so on. " * 400,
    "numbered": lambda _, rows: "".join(f"{at}. {row.get('prompt', '')}\n" for at, row in enumerate(rows, 1)),
}
