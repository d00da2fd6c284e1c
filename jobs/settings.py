"""Every setting: its name in the environment, its default and one line of help; docs/SETTINGS.md is made from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from jobs.errors import NotConfigured


@dataclass(frozen=True)
class Setting:
    """One setting. `read` turns the environment's text into the value and raises ValueError with a reason."""

    name: str
    default: str
    help: str
    read: Callable[[str], object] = str
    secret: bool = False


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.strip().lstrip("-").isdigit() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def thousandths(text: str) -> int:
    """Of a credit. Raises ValueError for what is no amount."""
    try:
        amount = round(float(text) * 1000)
    except ValueError:
        amount = -1
    if not 0 <= amount <= 10**12:
        raise ValueError("a number of credits, 0 or more")
    return amount


def _size(text: str) -> int:
    number, unit = text.strip().upper().removesuffix("B").strip(), 1
    for letter, factor in (("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30)):
        if number.endswith(letter):
            number, unit = number[:-1].strip(), factor
    if not number.isdigit() or int(number) * unit < 1:
        raise ValueError("a size such as 10 MB")
    return int(number) * unit


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError("one of " + ", ".join(words))
        return text

    return read


def _folder(text: str) -> Path:
    return Path(text or platformdirs.user_data_dir("promptsheet", appauthor=False)).expanduser().absolute()


ALL: tuple[Setting, ...] = (
    Setting("PROMPTSHEET_HOST", "127.0.0.1", "Address the web listens on."),
    Setting("PROMPTSHEET_PORT", "8000", "Port the web listens on; 0 picks a free one and prints it.", _whole(0, 65535)),
    Setting("PROMPTSHEET_DATA", "", "Folder for database, images, embedded Redis and secret key; empty: the user's data folder.", _folder),
    Setting("OPENAI_API_KEY", "", "Key of the language model's endpoint.", secret=True),
    Setting("OPENAI_BASE_URL", "", "Address of the language model: any OpenAI-compatible endpoint."),
    Setting("PROMPTSHEET_MODEL", "", "Language model asked for at OPENAI_BASE_URL; empty: the first that it lists."),
    Setting("PROMPTSHEET_BACKEND", "proof", "Image back end used where none is chosen: proof, ideogram, openai or a1111."),
    Setting("IDEOGRAM_API_KEY", "", "Key of Ideogram's API.", secret=True),
    Setting("IDEOGRAM_BASE_URL", "https://api.ideogram.ai", "Address of Ideogram's API."),
    Setting("IDEOGRAM_PLACES", "10", "Images Ideogram may have in progress at once; its own limit is 10 unless it was raised.", _whole(1, 1000)),
    Setting("IDEOGRAM_TIMEOUT", "600", "Seconds to wait for Ideogram to finish a row.", _whole(1, 3600)),
    Setting("PROMPTSHEET_IMAGES_API_KEY", "", "Key of the OpenAI-compatible images endpoint; empty: OPENAI_API_KEY.", secret=True),
    Setting("PROMPTSHEET_IMAGES_BASE_URL", "", "Address of the OpenAI-compatible images endpoint; empty: OPENAI_BASE_URL."),
    Setting("PROMPTSHEET_IMAGES_MODEL", "gpt-image-2", "Model asked for at the images endpoint."),
    Setting("PROMPTSHEET_IMAGES_PRICE", "4", "Credits for one image of the images endpoint (1 credit = 0.01 USD).", thousandths),
    Setting("PROMPTSHEET_IMAGES_PLACES", "10", "Images the images endpoint may have in flight at once.", _whole(1, 1000)),
    Setting("PROMPTSHEET_IMAGES_TIMEOUT", "180", "Seconds to wait for one answer of the images endpoint.", _whole(1, 3600)),
    Setting("A1111_BASE_URL", "", "Address of AUTOMATIC1111, Forge or SD.Next, started with --api; http://name:password@host:port where it asks for them."),
    Setting("A1111_SIDE", "1024", "Side of a square image there, in pixels; other ratios have about the same area.", _whole(256, 2048)),
    Setting("A1111_STEPS", "24", "Steps of a default rendering there; turbo takes half of them, quality twice.", _whole(1, 200)),
    Setting("A1111_PRICE", "0", "Credits for one image there.", thousandths),
    Setting("A1111_TIMEOUT", "600", "Seconds to wait for one answer there.", _whole(1, 3600)),
    Setting("PROMPTSHEET_LONGEST_WAIT", "60", "Seconds at most until a back end that is away, fails or is busy is tried again; the first waits are shorter.", _whole(0, 3600)),
    Setting("PROMPTSHEET_PRICES", "", "A JSON file that replaces Ideogram's price table (jobs/prices.json shows the form)."),
    Setting("REDIS_URL", "", "Redis or Valkey; empty: an embedded one in the data folder."),
    Setting("DATABASE_URL", "", "Any SQLAlchemy address; empty: SQLite in the data folder."),
    Setting("STORAGE_URL", "", "Where images are kept, file:///…; empty: a folder in the data folder."),
    Setting("PROMPTSHEET_MAX_ROWS", "500", "Rows a sheet may have, header included.", _whole(2, 100_000)),
    Setting("PROMPTSHEET_MAX_UPLOAD", "10 MB", "Size of an uploaded file.", _size),
    Setting("PROMPTSHEET_ON_START", "resume", "What `up` does with unfinished batches: resume or pause.", _one_of("resume", "pause")),
    Setting("PROMPTSHEET_CREDITS", "3500", "Credits a person gets each month.", thousandths),
    Setting("PROMPTSHEET_SECRET_KEY", "", "Signs sessions; empty: made once and kept in the data folder.", secret=True),
    Setting("PROMPTSHEET_AUTH", "auto", "auto: no login while the web listens on loopback only; required: always.", _one_of("auto", "required")),
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The settings of one process, read once. Amounts of credits are in thousandths, sizes in bytes."""

    host: str
    port: int
    data: Path
    openai_api_key: str
    openai_base_url: str
    model: str
    backend: str
    ideogram_api_key: str
    ideogram_base_url: str
    ideogram_places: int
    ideogram_timeout: int
    images_api_key: str
    images_base_url: str
    images_model: str
    images_price: int
    images_places: int
    images_timeout: int
    a1111_base_url: str
    a1111_side: int
    a1111_steps: int
    a1111_price: int
    a1111_timeout: int
    longest_wait: int
    prices: str
    redis_url: str
    database_url: str
    storage_url: str
    max_rows: int
    max_upload: int
    on_start: str
    credits: int
    secret_key: str
    auth: str

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the environment. Raises NotConfigured that names the setting and what it takes."""
        given = os.environ if environment is None else environment
        values: dict[str, object] = {}
        for setting in ALL:
            text = given.get(setting.name) or setting.default
            try:
                values[attribute(setting.name)] = setting.read(text)
            except ValueError as reason:
                raise NotConfigured(f"{setting.name} is “{text}”; it takes {reason}.") from None
        return cls(**values)  # type: ignore[arg-type]


def attribute(name: str) -> str:
    """The attribute of Settings that holds a setting: PROMPTSHEET_MAX_ROWS is max_rows, REDIS_URL redis_url."""
    return name.removeprefix("PROMPTSHEET_").lower()
