"""The port every image back end is built to: what it declares, what it is asked, what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

Values = Mapping[str, str | int]
"""The effective values of a row, by column: checked, and the default where a cell was empty."""


def usd(price: int) -> float:
    """US dollars of thousandths of a credit, where a price is configured in credits: one is 0.01 USD."""
    return price / 100_000


@dataclass(frozen=True, slots=True)
class Request:
    """One row to be made into `images` pictures of `width` × `height` pixels.

    `seed` is what the person set; None leaves it to the back end. `attempt` is the id of this try, fresh for
    each, for providers that take an idempotency key and for logs.
    """

    attempt: str
    row_id: str
    number: int
    values: Values
    width: int
    height: int
    images: int
    seed: int | None

    @property
    def prompt(self) -> str:
        return str(self.values["prompt"])


@dataclass(frozen=True, slots=True)
class Picture:
    """One finished image: the file's bytes as the provider gave them (PNG, JPEG or WebP).

    `index` counts from 1 within the row. `seed` and `prompt_used` as the back end says it used them,
    None where it does not say.
    """

    index: int
    data: bytes
    seed: int | None = None
    prompt_used: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gave. `withheld` images were made and kept back by policy, and are billed like the others.

    `notes` are sentences for the row: what was ignored, replaced or could not be drawn.
    """

    pictures: tuple[Picture, ...]
    withheld: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What a back end ignores or approximates of a row: a warning at the quote, a note on the row after."""

    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What a back end declares about itself, without being opened.

    name            the word in settings, in the API and in the ledger
    title           what pages call it
    about           one sentence that says what it is, and what it is not
    places          images it may have in flight at once, over all workers and batches
    free_to_repeat  a call whose answer was lost costs nothing to make again
    seconds         low and high estimate for one call, used for the time shown until a batch was measured
    magic           it does what magic_prompt says, or that means nothing there; else a language model does
    caveat          what it is not, where that must stand beside its images: “not an image model”
    """

    name: str
    title: str
    about: str
    places: int
    free_to_repeat: bool
    seconds: tuple[float, float]
    settings: tuple[str, ...] = field(default=())
    magic: bool = True
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """An address that costs nothing to ask for, which shows whether the back end's service is there.

    `fine` are the statuses of an answer that say so; 401 and 403 mean that the key is refused.
    """

    url: str
    headers: Mapping[str, str]
    fine: frozenset[int]


class Terms(Protocol):
    """What a back end makes of a row and takes for it: known without calling anybody, set up or not."""

    traits: Traits

    def gaps(self, values: Values) -> tuple[Gap, ...]:
        """What of this row will be ignored or approximated. Pure."""

    def price(self, values: Values) -> int:
        """What one image of this row costs, in thousandths of a credit. Pure; prices are configuration."""

    def dollars(self, values: Values) -> float | None:
        """The same in US dollars, as its maker charges it; None where no price is listed. Pure."""

    def size(self, values: Values, wanted: tuple[int, int]) -> tuple[int, int]:
        """The pixel size this row's images will have, where `wanted` is the format's own. Pure."""


class Backend(Terms, Protocol):
    """An image back end ready for use. `generate` may run many times at once in one event loop.

    `account` is a word for whose places its calls take: the same for the same address and key, and no secret.
    """

    account: str

    async def open(self) -> None:
        """Load what calls need, so that no row waits for that when it is marked as sent; never required."""

    async def generate(self, request: Request) -> Answer:
        """Make one row's images.

        Raises Refused, Rejected, Halted, Throttled, Unavailable or AnswerLost (jobs/errors.py), nothing else.
        """

    async def close(self) -> None:
        """Let go of connections and threads."""


@runtime_checkable
class Resumable(Backend, Protocol):
    """A back end that orders first and fetches later: a crash in between costs nothing, and loses nothing.

    Only `begin` is paid for. Its ticket is kept in the ledger before anything else is done, and whoever takes
    the row over goes on from there. `generate` is the three in turn.
    """

    async def begin(self, request: Request) -> str:
        """Order one row's images; returns the ticket they are fetched with. Raises what `generate` does."""

    async def wait(self, request: Request, ticket: str) -> str:
        """Return when the images are made, with what `collect` takes; from then on no place is needed.

        Raises Throttled or Unavailable where it is to be asked again later; AnswerLost where these images
        will never be had; Refused, Rejected and Halted as `generate` does.
        """

    async def collect(self, request: Request, made: str) -> Answer:
        """Fetch the images. Raises what `wait` does."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What a provider says that a call will cost with all its images: thousandths of a credit, dollars.

    `most` is what it may come to at the most, in dollars; None where the price is exact.
    """

    credits: int
    dollars: float
    most: float | None = None


@runtime_checkable
class Quoting(Backend, Protocol):
    """A back end whose provider tells the price of a call before it is made, for nothing."""

    def kind(self, values: Values) -> str | None:
        """The same word for rows that cost the same; None for a row whose price is not told. Pure."""

    async def ask(self, request: Request) -> Priced:
        """The price of one row. Raises what `generate` does."""
