"""What the HTTP API answers, as the OpenAPI document describes it. Credits in credits, times in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from jobs.batch import BatchState, RowState
from jobs.store.drafts import DraftState
from jobs.store.turns import TurnState
from schema.problems import Level, Op

Credits = Annotated[float, Field(description="Credits; 1 credit = 0.01 USD where a back end is paid.")]
Next = Annotated[str | None, Field(description="Ask with it for the next page; null on the last.")]


class FixShape(BaseModel):
    label: str
    op: Op
    column: str | None
    value: str | None


class ProblemShape(BaseModel):
    """`row` is the row's number in the uploaded file, null for the whole file."""

    row: int | None
    row_id: str | None
    column: str | None
    value: str | None
    level: Level
    code: str
    message: str
    fix: str | None
    fixes: list[FixShape]


class SheetQuote(BaseModel):
    """A sheet as it would run. `credits_ideogram` is by Ideogram's table, whatever the back end."""

    id: str
    rows: int
    images: int
    credits_required: Credits | None = Field(
        description="On the default back end; null if it lacks a setting."
    )
    credits_ideogram: Credits
    credits_available: Credits
    first_row: dict[str, str] | None = Field(description="Its filled cells by column.")
    ready: bool
    problems: list[ProblemShape]


class SheetDetails(SheetQuote):
    name: str
    created_at: datetime
    rows_finished: int = Field(
        description="That an earlier batch finished as they are now, on the default back end; see reuse."
    )


class SheetLine(BaseModel):
    id: str
    name: str
    rows: int
    created_at: datetime


class Sheets(BaseModel):
    """The newest first."""

    sheets: list[SheetLine]


class DraftMade(BaseModel):
    id: str
    sheet_id: str


class StrandShape(BaseModel):
    """One kind of image of a sheet; `came` of its `rows` are there. `dropped`: no more of it is wanted."""

    id: str
    name: str
    rows: int
    came: int
    holds: list[str] = Field(description="Directions, each a field with room for several rows.")
    leaves: str = Field(description="What is left to others.")
    dropped: bool = False


class PlanShape(BaseModel):
    shared: list[str] = Field(description="What holds for every row.")
    order: Literal["mixed", "strands"]
    strands: list[StrandShape]


class DraftShape(DraftMade):
    """A draft and how far it is. `valid` rows have no error; `source` is who writes."""

    state: DraftState
    source: Literal["model", "combinations", "pasted"]
    asked: int
    rows: int
    valid: int
    repaired: int = Field(description="Rows in which something was put right.")
    repeated: int = Field(description="Rows that were too like another, and were replaced.")
    tokens: int = Field(description="As the model counted; 0 where it does not.")
    reason: str | None = Field(description="Why it failed, or ended with fewer rows.")
    variety: str | None = Field(description="At the end, how different the rows are.")
    said: list[str] = Field(description="What had to be done differently, in sentences.")
    plan: PlanShape | None = Field(description="The strands; null where the rows are few, or none was made.")
    problems: list[ProblemShape]


class RowShape(BaseModel):
    """`number` is its place in the sheet plus one; `file_row` its number in the uploaded file.

    `strand` is the id of its strand in the plan of the draft that wrote it.
    """

    row_id: str
    number: int
    file_row: int | None
    revision: int
    strand: str | None
    cells: dict[str, str]


class Rows(BaseModel):
    rows: list[RowShape]
    cursor: Next


class ChangeSetMade(BaseModel):
    change_set_id: int


class FoundWrong(BaseModel):
    column: str
    value: str
    message: str


class ChangeShape(BaseModel):
    """One row of a proposal. `cells` are [before, after] by column, an empty text for an empty cell.

    A new row is added below the row `after`, at the end where that is null; `number` is its place then. A row
    is moved below `after`, on top where that is empty. `part` says what of the request it is for. Under
    `problems` stands what would be wrong with the row, and what could not be taken of what was proposed.
    """

    row_id: str
    number: int
    op: Literal["change", "add", "delete", "move"]
    cells: dict[str, tuple[str, str]]
    state: Literal["open", "accepted", "rejected", "gone"] = Field(
        description="gone: what it would change was changed meanwhile; why says it."
    )
    why: str | None
    after: str | None
    part: str = ""
    problems: list[FoundWrong]


class LeftShape(BaseModel):
    """A row, or cells of it, that the proposal leaves alone; `locked` are columns that a person edited."""

    row_id: str
    number: int
    locked: list[str]
    why: str


class RewordingShape(BaseModel):
    """Other words for a refused row; `after` once they came, `why` where none did."""

    row_id: str
    number: int
    state: Literal["waiting", "proposed", "failed"]
    before: str
    reason: str = Field(description="Why the row was refused, in the back end's words.")
    after: str | None
    why: str | None
    credits: float = Field(description="What trying the row again may cost.")


class Rewordings(BaseModel):
    rewordings: list[RewordingShape]


class ChangeSetShape(BaseModel):
    """What was asked and what came of it. Nothing is applied before it is accepted."""

    id: int
    sheet_id: str
    text: str
    state: TurnState = Field(
        description="waiting: for the model; proposed: something is open; answered: nothing to change."
    )
    source: Literal["program", "model"]
    reply: str | None
    operations: list[dict[str, Any]] = Field(description="What the request came to.")
    changes: list[ChangeShape]
    left: list[LeftShape]
    created_at: datetime
    answered_at: datetime | None


class SettingShape(BaseModel):
    """A setting of the environment; of its value only whether it is set is told."""

    name: str
    set: bool
    help: str


class LackShape(BaseModel):
    column: str
    sentence: str


class PriceShape(BaseModel):
    """One image of a model in a rendering."""

    model: str
    rendering: str
    credits: Credits
    usd: float | None = Field(description="Null where no price is listed.")


class BackendShape(BaseModel):
    """`takes` are the columns that reach the images as they are written; `lacks` tells of the others."""

    name: str
    title: str
    about: str
    default: bool
    ready: bool
    reason: str | None = Field(description="Why it cannot run, with the setting that is missing.")
    places: int = Field(description="Images at once, over all batches and workers.")
    free_to_repeat: bool
    settings: list[SettingShape]
    takes: list[str]
    lacks: list[LackShape]
    prices: list[PriceShape] = Field(description="Empty where the price table cannot be read.")


class Backends(BaseModel):
    backends: list[BackendShape]


class BatchMade(BaseModel):
    id: str


class RowCounts(BaseModel):
    pending: int = 0
    claimed: int = 0
    sent: int = 0
    done: int = 0
    refused: int = 0
    failed: int = 0
    unknown: int = 0
    reused: int = 0


class CreditCounts(BaseModel):
    quoted: Credits
    reserved: Credits
    spent: Credits


class UsdCounts(BaseModel):
    quoted: float
    spent: float
    projected: float


class BatchShape(BaseModel):
    """`images` are those that are made; `reason` is why a batch is paused."""

    id: str
    sheet_id: str | None
    name: str
    state: BatchState
    reason: str | None
    backend: str
    trial: bool = Field(description="Only the trial's rows may run until the batch is resumed.")
    rows: RowCounts
    images: int
    credits: CreditCounts
    projected: Credits = Field(description="Spent, and the quoted price of rows on their way or waiting.")
    usd: UsdCounts | None = Field(description="As its maker charges it; null where no price is listed.")
    eta_seconds: int | None = Field(description="The upper end of the estimate; null while nothing is known.")
    started_at: datetime | None
    ended_at: datetime | None


class PastShape(BaseModel):
    """An attempt that another one followed: what it was made with, and how it ended."""

    state: RowState
    reason: str | None
    cells: dict[str, str]
    at: datetime | None


class BatchRowShape(BaseModel):
    """A row of a batch as it is run: all its values, and the attempts that went before, oldest first."""

    row_id: str
    number: int
    state: RowState
    reason: str | None
    notes: list[str]
    images: int = Field(description="Those that are made.")
    credits: Credits
    cells: dict[str, str]
    past: list[PastShape]


class BatchRows(BaseModel):
    rows: list[BatchRowShape]
    cursor: Next


class Batches(BaseModel):
    """The newest first."""

    batches: list[BatchShape]
    cursor: Next


class Creation(BaseModel):
    """One image: `number` is its row's, `image` its own within the row, `file` its name in the ZIP."""

    id: str
    batch_id: str
    row_id: str
    number: int
    image: int
    file: str
    url: str
    width: int
    height: int
    seed: int | None
    prompt: str
    prompt_used: str | None
    aspect_ratio: str
    style: str
    private: bool
    starred: bool
    created_at: datetime


class Creations(BaseModel):
    """The newest first."""

    images: list[Creation]
    cursor: Next


class Fault(BaseModel):
    """RFC 9457. `detail` is the sentence for the person, `steps` what to do about it, maybe none."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    steps: list[str]
    retry: bool = Field(description="Whether the same call may succeed later.")
