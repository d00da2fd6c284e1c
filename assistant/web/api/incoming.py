"""What is sent to the HTTP API, as the OpenAPI document describes it. Credits in credits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, WithJsonSchema
from spectree.model_adapter.pydantic_adapter import BaseFile

from assistant.chat.operations import ASKED, KINDS, TESTS
from assistant.drafting.brief import CONTEXT, EXAMPLE, EXAMPLES, GOAL
from jobs.backends import registry
from jobs.batch import RowState
from schema.columns import load

FLAGS = {"1": True, "true": True, "0": False, "false": False, "": False}


def flag(given: object) -> bool:
    """What a parameter of an address that is on or off says."""
    if not isinstance(given, str) or given not in FLAGS:
        raise ValueError("1 or 0")
    return FLAGS[given]


Cursor = Annotated[
    str,
    Field(
        description="Of the answer before; without it, the first page.",
        max_length=200,
        pattern=r"^[A-Za-z0-9_-]*$",
    ),
]
Flag = Annotated[bool, BeforeValidator(flag), WithJsonSchema({"type": "string", "enum": [*FLAGS]})]
Format = Literal["csv", "xlsx"]
Selected = Annotated[
    list[Annotated[str, Field(max_length=100)]], Field(description="Ids of the rows that “selected” means.")
]
Count = Annotated[
    int,
    Field(strict=True, ge=1),
    BeforeValidator(lambda given: int(given) if isinstance(given, float) and given.is_integer() else given),
]
"""From one on, as JSON Schema counts: 3 and 3.0, and neither "3" nor true."""

WRITTEN = r"[^\s\x00-\x1f]"
"""Something besides spaces, and besides the signs that Python alone counts among them."""


class Taken(BaseModel):
    """What is sent to us. A name that we do not know is an error: nothing is dropped silently."""

    model_config = ConfigDict(extra="forbid")


class TemplateQuery(Taken):
    full: Flag = Field(False, description="All columns, not only the ones most sheets need.")
    format: Format = "xlsx"


class FormatQuery(Taken):
    format: Format = "xlsx"


class PageQuery(Taken):
    cursor: Cursor = ""


class CreationsQuery(PageQuery):
    q: str = Field("", description="Words that the prompt has.", max_length=1000)
    starred: Flag = Field(False, description="Only those with a star.")
    batch: str = Field("", description="The id of one batch.", max_length=100)


class Upload(Taken):
    """A sheet as a file."""

    # What arrives is a FileStorage; BaseFile is how the document shows it.
    file: BaseFile = Field(description="The sheet: .csv, .xlsx, .xls or .ods.")


class CellEdit(Taken):
    row_id: str = Field(max_length=100)
    column: str = Field(max_length=1000)
    value: Annotated[str | None, WithJsonSchema({"type": ["string", "number", "null"]})] = Field(
        coerce_numbers_to_str=True, description="The cell's new text; null empties it."
    )


class CellEdits(RootModel[Annotated[list[CellEdit], Field(min_length=1)]]):
    """All of them or, where one cannot be made, none."""


class DraftOrder(Taken):
    """A brief. Columns that `settings` leaves out are the model's to choose; visibility is private then."""

    goal: str = Field(description="What is being made, in a sentence.", pattern=WRITTEN, max_length=GOAL)
    examples: list[Annotated[str, Field(max_length=EXAMPLE)]] = Field(
        default_factory=list, description="Prompts that worked; {a|b} makes rows.", max_length=EXAMPLES
    )
    context: str = Field("", description="What the rows must keep to.", max_length=CONTEXT)
    settings: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description='{column: {"fixed": value}, {"spread": [values]} or {"model": true}}',
    )
    rows: Count | None = Field(
        None,
        description="How many; left out, the number that the goal begins with, else 20; all with `combine`.",
    )
    lists: dict[str, list[str]] = Field(
        default_factory=dict, description="The values of each __name__ in the examples."
    )
    combine: bool = Field(
        False, strict=True, description="Make the combinations of the examples; no model is asked."
    )
    plan: dict[str, Any] | None = Field(
        None, description="Strands to follow, as a draft shows them; left out, the model plans."
    )


class PlanChange(Taken):
    """One change of a plan: the fields that it needs, beside `change`."""

    change: Literal["rename", "weigh", "more", "add", "drop", "order"]
    strand: str = Field("", max_length=20, description="The strand's id; of add and order none.")
    name: str = Field("", max_length=200, description="Of rename and add.")
    about: str = Field("", max_length=2000, description="Of add: what it holds, a direction a line.")
    rows: Count | None = Field(None, description="Of weigh: all of it; of more and add: so many more.")
    order: Literal["mixed", "strands"] | None = Field(None, description="Of order.")


class BatchOrder(Taken):
    sheet_id: str = Field(max_length=100)
    backend: Literal[registry.names()] | None = Field(  # type: ignore[valid-type]
        None, description="Left out: PROMPTSHEET_BACKEND."
    )
    budget: float | None = Field(
        None, strict=True, ge=0, le=1e9, allow_inf_nan=False, description="Credits at which the batch pauses."
    )
    trial: Count | None = Field(
        None, description="Run this many rows, spread over the sheet; resume runs the others."
    )
    reuse: bool = Field(
        False,
        strict=True,
        description="Take over, for 0 credits, the rows that an earlier batch finished as they are now.",
    )


class OrderHeaders(BaseModel):
    key: str | None = Field(
        None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key again gives the batch that the first call made.",
    )


class Retry(Taken):
    unknown: bool = Field(
        False,
        strict=True,
        description="Rows that were sent and not answered as well; they may cost a second time.",
    )


class BatchRowsQuery(PageQuery):
    state: RowState | None = Field(None, description="Only the rows that are so.")


class RowEdit(Taken):
    """What is to be different when a row is tried again; `unknown` as for retry."""

    cells: dict[
        Annotated[str, Field(max_length=1000)],
        Annotated[
            str | None,
            Field(coerce_numbers_to_str=True),
            WithJsonSchema({"type": ["string", "number", "null"]}),
        ],
    ] = Field(description="New texts by column; null for the column's default.")
    unknown: bool = Field(
        False, strict=True, description="Take the row also where it was not answered; it may cost twice."
    )


class Message(Taken):
    text: str = Field(
        max_length=4000, pattern=WRITTEN, description="What should be different, in any language."
    )
    selected: Selected = Field(default_factory=list)


class Where(Taken):
    """A test that a row must pass as well."""

    column: Literal[tuple(load().names)]  # type: ignore[valid-type]
    test: Literal[TESTS]  # type: ignore[valid-type]
    text: str = Field("", max_length=1000)


class Operation(Taken):
    """One operation, as a language model answers in. What one needs beside `op` is told by its answer."""

    op: Literal[tuple(op for op in KINDS if op not in ASKED)]  # type: ignore[valid-type]
    rows: str = Field("", max_length=4000, description="Numbers and ranges, all, first 5, last 5, selected.")
    where: Where | None = None
    column: Literal[tuple(load().names)] | None = None  # type: ignore[valid-type]
    values: list[Annotated[str, Field(max_length=100_000)]] = Field(
        default_factory=list, description="Of set: one for all of the rows, or several, dealt evenly."
    )
    text: str = Field("", max_length=4000)
    with_: str = Field("", alias="with", max_length=4000, description="Of swap: what stands there then.")
    count: Count | None = Field(None, description="Of duplicate: copies of each row.")
    below: Count | None = Field(None, description="Of move: the row above; 1 for the top.")


class Operations(Taken):
    operations: Annotated[list[Operation], Field(min_length=1, max_length=50)]
    selected: Selected = Field(default_factory=list)


class Decision(Taken):
    rows: Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1)] | None = Field(
        None, description="Ids of the rows it is about; left out: all that are open."
    )
