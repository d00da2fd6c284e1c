"""The text of a cell as the value its column takes, judged by the column's own part of the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    return value if _of_column(column).is_valid(value) else None


def validator(spec: Mapping[str, Any]) -> Any:
    """A jsonschema validator of the 2020-12 draft whose patterns are read as the standard says."""
    return _VALIDATOR(spec)


@cache
def _of_column(column: Column) -> Any:
    return validator(column.spec)


def _pattern(_: Any, pattern: str, value: object, __: object) -> Iterator[jsonschema.ValidationError]:
    """`$` is the very end in JSON Schema's regular expressions; Python's takes a line end before it too."""
    if isinstance(value, str) and not _compiled(pattern).search(value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$\Z", r"\\Z", pattern))


_VALIDATOR = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _pattern})
