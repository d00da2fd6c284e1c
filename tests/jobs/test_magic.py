"""magic_prompt on a back end that has none: enlarged by the language model, once a row, never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from jobs.drain import Drain
from jobs.services import LOCAL, Services
from jobs.store import batches, images
from jobs.store.batches import BatchRow
from jobs.store.images import Image
from tests.fakes.a1111_server import A1111Server
from tests.fakes.chat_server import ChatServer
from tests.fakes.images_server import ImagesServer
from tests.jobs.making import batch, item

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


@pytest.fixture(scope="module")
def pictures() -> Iterator[ImagesServer]:
    with ImagesServer() as running:
        yield running


@pytest.fixture(scope="module")
def webui() -> Iterator[A1111Server]:
    with A1111Server() as running:
        yield running


@pytest.fixture
def environment(
    environment: dict[str, str], chat: ChatServer, pictures: ImagesServer, webui: A1111Server
) -> dict[str, str]:
    chat.reset()
    pictures.reset()
    return environment | pictures.environment() | webui.environment() | chat.environment()


def run(services: Services, batch_id: str) -> tuple[list[BatchRow], list[Image]]:
    asyncio.run(Drain(services).run())
    with services.database.read() as connection:
        return batches.rows(connection, LOCAL, batch_id), images.of_rows(connection, LOCAL, batch_id)


def test_each_row_is_asked_for_once_and_its_images_keep_the_prompt_really_used(
    services: Services, chat: ChatServer, pictures: ImagesServer
) -> None:
    rows = [item(number, images=2) for number in range(2, 6)]
    plain = item(6, "a fox as it is", magic_prompt="off")
    done, made = run(services, batch(services, [*rows, plain], "openai"))
    assert [row.state for row in done] == ["done"] * 5
    assert chat.counts().calls == 4
    sent = set(pictures.counts().billed_by_prompt)
    used = {image.number: image.prompt_used for image in made}
    assert sent == {used[row.number] for row in rows} | {plain.values["prompt"]}
    assert not sent & {row.values["prompt"] for row in rows}
    assert {image.prompt for image in made} == {row.values["prompt"] for row in [*rows, plain]}
    assert f"The prompt was enlarged by {chat.model}" in done[0].notes[0]
    assert not any("enlarged" in note for note in done[4].notes)


def test_a_web_ui_gets_the_enlarged_prompt_with_the_style_behind_it(services: Services) -> None:
    _, made = run(services, batch(services, [item(2, "a fox", style="anime")], "a1111"))
    assert made[0].prompt_used
    assert made[0].prompt_used.endswith(", anime style")
    assert not made[0].prompt_used.startswith("a fox")


def test_a_model_that_fails_is_left_alone_and_the_rows_run_with_their_own_prompts(
    services: Services, chat: ChatServer, pictures: ImagesServer
) -> None:
    chat.behave(key="another")
    rows = [item(number) for number in range(2, 22)]
    done, made = run(services, batch(services, rows, "openai"))
    assert {row.state for row in done} == {"done"}
    assert {image.prompt_used for image in made} == {None}
    assert all("The row ran with its own prompt, not enlarged" in row.notes[0] for row in done)
    assert pictures.counts().billed == len(rows)
    assert chat.counts().calls <= 8
    assert "rests for a minute" in done[-1].notes[0]


class TestWithoutALanguageModel:
    @pytest.fixture
    def environment(self, environment: dict[str, str], chat: ChatServer) -> dict[str, str]:
        return {name: text for name, text in environment.items() if name not in chat.environment()}

    def test_the_row_says_that_it_was_not_enlarged(self, services: Services) -> None:
        done, _ = run(services, batch(services, [item(2)], "openai"))
        assert "no language model is connected: prompts are not enlarged." in done[0].notes[0]
