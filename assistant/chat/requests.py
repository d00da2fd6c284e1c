"""What a person can ask of a sheet without a language model: each kind of request, as it was understood."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.drafting.selections import Selection


@dataclass(frozen=True, slots=True)
class Set:
    """Write a value into a column; an empty one empties the cells, which then have the default."""

    rows: Selection
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Join:
    """Add keywords to a column of keywords; those that are there already are not added."""

    rows: Selection
    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Append:
    """Put a text at the end of a free text, or with `front` before it."""

    rows: Selection
    column: str
    text: str
    front: bool = False


@dataclass(frozen=True, slots=True)
class Swap:
    """Replace words by others in a free text, whole words only."""

    rows: Selection
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete rows, or with `keep` all the others."""

    rows: Selection
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Repeats:
    """Delete rows whose prompt is too like an earlier one's."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Add rows that are the same, so many of each, below it."""

    rows: Selection
    times: int


@dataclass(frozen=True, slots=True)
class Expand:
    """Make one row of each variant that {a|b} in a prompt makes."""

    rows: Selection


@dataclass(frozen=True, slots=True)
class Release:
    """Take the locks off, of all columns or of one."""

    rows: Selection
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Reword:
    """Write rows anew: the prompt alone, or with `whole` all that the model chooses. It needs a writer."""

    rows: Selection
    whole: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows, or images of these rows; with `listed` which rows."""

    rows: Selection
    images: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the proposal back that was accepted last."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be asked."""


Request = (
    Set | Join | Append | Swap | Delete | Repeats | Copy | Expand | Release | Reword | Count | Undo | Help
)
