"""What every image back end promises, tried with each in the registry.

A new back end is in here by its line in the registry; one that talks to a service adds its stand-in below.
"""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from PIL import Image

from jobs import errors
from jobs.backends import registry
from jobs.backends.port import Answer, Backend, Resumable
from jobs.settings import ALL, Settings, attribute
from schema import columns
from schema.columns import Value
from tests.backends import rows
from tests.fakes.a1111_server import A1111Server
from tests.fakes.ideogram_server import IdeogramServer
from tests.fakes.images_server import ImagesServer
from tests.fakes.stand_in import StandIn
from tests.machine import ROOT

T = TypeVar("T")

STAND_INS: dict[str, type[StandIn]] = {
    "ideogram": IdeogramServer,
    "openai": ImagesServer,
    "a1111": A1111Server,
}


@dataclass(frozen=True)
class Subject:
    """One back end with what it needs to run. `server` is its stand-in, if it talks to one."""

    name: str
    settings: Settings
    server: StandIn | None

    def connect(self) -> Backend:
        return registry.connect(self.name, self.settings)

    def use(self, work: Callable[[Backend], Coroutine[Any, Any, T]]) -> T:
        """Open it, do the work in an event loop, close it."""

        async def run() -> T:
            backend = self.connect()
            try:
                return await work(backend)
            finally:
                await backend.close()

        return asyncio.run(run())


@pytest.fixture(scope="module", params=registry.names())
def subject(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    environment = {
        "PROMPTSHEET_DATA": str(tmp_path_factory.mktemp("data")),
        "PROMPTSHEET_IMAGES_TIMEOUT": "2",
        "IDEOGRAM_TIMEOUT": "2",
        "A1111_TIMEOUT": "2",
    }
    with ExitStack() as stack:
        server = stack.enter_context(STAND_INS[request.param]()) if request.param in STAND_INS else None
        read = Settings.read(environment | (server.environment() if server else {}))
        yield Subject(request.param, read, server)


async def ask(backend: Backend, images: int = 1, prompt: str = "A cheerful fox", **cells: Value) -> Answer:
    row = rows.values(prompt, **cells)
    return await backend.generate(rows.request(row, backend.size(row, columns.load().size(row)), images))


def test_it_says_what_it_is(subject: Subject) -> None:
    traits = registry.traits(subject.name, subject.settings)
    assert traits == subject.connect().traits
    assert traits.name == subject.name
    assert traits.title
    assert traits.about.endswith(".")
    assert traits.places >= 1
    assert 0 < traits.seconds[0] <= traits.seconds[1]
    assert set(traits.settings) <= {setting.name for setting in ALL}


def test_its_places_are_its_accounts_and_the_name_of_those_tells_no_secret(subject: Subject) -> None:
    account = subject.connect().account
    assert account == subject.connect().account
    assert account.isalnum()
    secrets = [getattr(subject.settings, attribute(one.name)) for one in ALL if one.secret]
    assert not any(secret and (secret in account or account in secret) for secret in secrets)


def test_it_says_what_it_is_and_what_it_lacks_without_any_setting(subject: Subject) -> None:
    bare = Settings.read({})
    traits = registry.traits(subject.name, bare)
    reason = registry.configured(subject.name, bare)
    assert traits.name == subject.name
    assert reason is None or any(name in reason for name in traits.settings)
    assert registry.configured(subject.name, subject.settings) is None


def test_being_asked_about_starts_nothing(subject: Subject) -> None:
    before = threading.active_count(), multiprocessing.active_children()
    subject.connect().gaps(rows.values())
    assert (threading.active_count(), multiprocessing.active_children()) == before


def test_every_row_that_passes_the_check_has_a_size_a_price_and_its_gaps(subject: Subject) -> None:
    backend = subject.connect()
    for row in rows.every():
        wanted, before = columns.load().size(row), dict(row)
        size, gaps, price = backend.size(row, wanted), backend.gaps(row), backend.price(row)
        named = [gap.column for gap in gaps]
        assert all(isinstance(side, int) and side > 0 for side in size)
        assert (size, gaps, price) == (backend.size(row, wanted), backend.gaps(row), backend.price(row))
        assert isinstance(price, int)
        assert price >= 0
        assert backend.size(row, size) == size
        assert size == wanted or "aspect_ratio" in named
        assert len(set(named)) == len(named)
        assert all(gap.column in columns.load() and gap.sentence.endswith(".") for gap in gaps)
        assert row == before


@pytest.mark.parametrize("images", [1, 4])
@pytest.mark.parametrize("ratio", ["1:1", "1:3", "16:9"])
def test_a_row_gets_its_number_of_whole_images_of_the_size_that_was_said(
    subject: Subject, ratio: str, images: int
) -> None:
    row = rows.values(aspect_ratio=ratio)
    said = subject.connect().size(row, columns.load().size(row))
    answer = subject.use(lambda backend: ask(backend, images, aspect_ratio=ratio))
    assert [picture.index for picture in answer.pictures] == list(range(1, images + 1))
    assert answer.withheld == 0
    for picture in answer.pictures:
        with Image.open(io.BytesIO(picture.data), formats=("PNG", "JPEG", "WEBP")) as image:
            image.load()
            assert image.size == said


def test_many_rows_are_made_at_once(subject: Subject) -> None:
    async def work(backend: Backend) -> list[Answer]:
        return await asyncio.gather(*(ask(backend, prompt=f"Fox {number}") for number in range(8)))

    assert [len(answer.pictures) for answer in subject.use(work)] == [1] * 8


def test_a_call_that_is_given_up_leaves_the_others_and_the_next_alone(subject: Subject) -> None:
    async def work(backend: Backend) -> list[Answer]:
        given_up = [asyncio.create_task(ask(backend, prompt=f"Given up {n}")) for n in range(3)]
        kept = asyncio.create_task(ask(backend, prompt="Kept"))
        await asyncio.sleep(0.01)  # none of our waiting: the calls are to be under way
        for task in given_up:
            task.cancel()
        ended = await asyncio.gather(*given_up, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError | Answer) for one in ended)
        return [await kept, await ask(backend, prompt="Next")]

    assert [len(answer.pictures) for answer in subject.use(work)] == [1, 1]


def test_it_can_be_closed_unused_and_twice(subject: Subject) -> None:
    async def used(backend: Backend) -> None:
        await ask(backend)
        await backend.close()

    async def unused(backend: Backend) -> None:
        await backend.open()
        await backend.open()
        await backend.close()

    subject.use(used)
    subject.use(unused)


def test_whatever_its_service_does_wrong_ends_in_an_answer_or_an_error_of_the_tree(subject: Subject) -> None:
    if subject.server is None:
        return
    faults = subject.server.faults

    async def work(backend: Backend) -> list[Answer | BaseException]:
        calls = (ask(backend, 2, prompt=f"A fox, fault:{fault}") for fault in faults)
        return await asyncio.gather(*calls, return_exceptions=True)

    for fault, end in zip(faults, subject.use(work), strict=True):
        assert isinstance(end, Answer | errors.BackendError), fault
        assert isinstance(end, Answer) or str(end).endswith("."), fault
    calls = subject.server.calls_by_prompt()
    assert {calls[f"A fox, fault:{fault}"] for fault in faults} == {1}


def test_what_is_asked_to_see_whether_it_is_there_costs_nothing(subject: Subject) -> None:
    probe = registry.probe(subject.name, subject.settings)
    if subject.server is None or probe is None:
        return
    before = subject.server.told()
    assert {"calls", "images"} <= before.keys()
    try:
        with urlopen(Request(probe.url, headers=dict(probe.headers)), timeout=5) as answer:
            status = answer.status
    except HTTPError as refused:
        status = refused.code
    assert status in probe.fine
    after = subject.server.told()
    assert (after["calls"], after["images"]) == (before["calls"], before["images"])


def test_what_was_ordered_can_be_fetched_as_often_as_is_needed(subject: Subject) -> None:
    """A back end that can be resumed: by another instance, and after the first one has fetched it."""
    if not isinstance(subject.connect(), Resumable):
        return
    row = rows.values(num_images=2)
    asked = rows.request(row, columns.load().size(row), 2)

    async def order(backend: Backend) -> str:
        assert isinstance(backend, Resumable)
        return await backend.begin(asked)

    async def fetch(backend: Backend) -> Answer:
        assert isinstance(backend, Resumable)
        return await backend.collect(asked, await backend.wait(asked, ticket))

    ticket = subject.use(order)
    assert ticket
    assert [len(subject.use(fetch).pictures) for _ in range(2)] == [2, 2]


def test_a_back_end_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(errors.Invalid) as caught:
        registry.connect("midjourney", Settings.read({}))
    assert all(name in str(caught.value) for name in ("midjourney", *registry.names()))


def test_every_back_end_has_its_section_and_every_setting_of_it_a_word_in_the_docs() -> None:
    text = (ROOT / "docs" / "BACKENDS.md").read_text(encoding="utf-8")
    for name in registry.names():
        assert f"\n## `{name}`\n" in text
        for setting in registry.traits(name, Settings.read({})).settings:
            assert f"`{setting}`" in text
