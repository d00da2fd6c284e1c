"""The text of a cell as the value its column takes, judged by the column's own part of the schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema

from schema.columns import Column, Value
from schema.excel import ERRORS

SPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""What is not seen at the ends of a cell: Unicode's white space, and the spaces of no width."""
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_PLAIN = frozenset({"type", "minimum", "maximum", "pattern"})
_SAID = frozenset({"title", "description", "default", "examples"})
"""Keywords that ask nothing of a value."""


def blank(text: str) -> bool:
    """Whether a cell is empty to the eye."""
    return not text.strip(SPACE)


def value_of(column: Column, text: str) -> Value | None:
    """The value a filled cell stands for as it is, or None where the column does not take it."""
    value: Value = text
    if column.whole_number:
        if not _WHOLE.fullmatch(text):
            return None
        value = int(text)
    elif column.editor == "text" and text in ERRORS:
        return None
    return value if _takes(column)(value) else None


def validator(spec: Mapping[str, Any]) -> Any:
    """A jsonschema validator of the 2020-12 draft whose patterns are read as the standard says."""
    return _VALIDATOR(spec)


@cache
def _takes(column: Column) -> Callable[[Value], bool]:
    """Whether a column takes a value of its type.

    jsonschema says it, at 20 µs a value. Free text and whole numbers, of which a sheet has as many as rows,
    have a few plain keywords only; those are read here.
    """
    spec = column.spec
    if not _PLAIN.issuperset(name for name in spec if name not in _SAID and not name.startswith("x-")):
        return validator(spec).is_valid  # type: ignore[no-any-return]
    if column.whole_number:
        low, high = column.minimum, column.maximum
        return lambda value: (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]
    found = _compiled(spec.get("pattern", ""))
    return lambda value: found.search(str(value)) is not None


def _pattern(_: Any, pattern: str, value: object, __: object) -> Iterator[jsonschema.ValidationError]:
    """`$` is the very end in JSON Schema's regular expressions; Python's takes a line end before it too."""
    if isinstance(value, str) and not _compiled(pattern).search(value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$\Z", r"\\Z", pattern))


_VALIDATOR = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _pattern})
