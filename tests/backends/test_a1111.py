"""The a1111 back end against a strict stand-in over real HTTP: what it asks, and what comes of answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from jobs import errors
from jobs.backends import a1111
from jobs.backends.a1111_words import color_name, folded
from jobs.backends.port import Answer
from jobs.settings import Settings
from schema import columns
from schema.columns import Value
from tests.backends import rows
from tests.backends.through import sizes
from tests.fakes.a1111_server import AFTER, BEFORE, A1111Server

ENDS_IN = {
    "bad-value": (errors.Rejected, "width: Not a size"),
    "unauthorized": (errors.Halted, "refused the name and password (401): “Incorrect username or password”"),
    "no-api": (errors.Halted, "Start it with --api"),
    "redirect": (errors.Halted, "elsewhere.example"),
    "out-of-memory": (errors.Unavailable, "CUDA out of memory"),
    "starting": (errors.Unavailable, "failed (503)"),
    "throttle": (errors.Throttled, "no more calls"),
    "html": (errors.AnswerLost, "a web page"),
    "broken-json": (errors.AnswerLost, "something unreadable"),
    "no-images": (errors.AnswerLost, "with no images"),
    "no-base64": (errors.AnswerLost, "cannot be decoded"),
    "no-info": (errors.AnswerLost, "with no images"),
    "fewer": (errors.AnswerLost, "sent 1 of 2 images"),
    "truncated-image": (errors.AnswerLost, "damaged"),
    "reset-after": (errors.AnswerLost, "broke off"),
    "hang": (errors.AnswerLost, "no answer within 1 s"),
}
STILL_GIVES = {
    "grid": "",
    "extra": "",
    "silent-info": "",
    "wrong-size": "Asked for 1024 × 1024, got 512 × 512.",
}


@pytest.fixture(scope="module")
def running() -> Iterator[A1111Server]:
    with A1111Server() as server:
        yield server


@pytest.fixture
def server(running: A1111Server) -> A1111Server:
    running.reset()
    return running


def make(
    server: A1111Server,
    prompt: str = "A cheerful fox",
    images: int = 1,
    *,
    given: dict[str, str] | None = None,
    **cells: Value,
) -> Answer:
    """One row through a back end opened for it."""

    async def run() -> Answer:
        backend = a1111.connect(Settings.read(server.environment() | (given or {})))
        try:
            row = rows.values(prompt, **cells)
            size = backend.size(row, columns.load().size(row))
            return await backend.generate(rows.request(row, size, images))
        finally:
            await backend.close()

    return asyncio.run(run())


def test_every_fault_of_the_stand_in_has_its_outcome_here() -> None:
    assert {*ENDS_IN, *STILL_GIVES} == {*BEFORE, *AFTER}


@pytest.mark.parametrize("fault", ENDS_IN)
def test_each_fault_ends_in_its_error_with_the_servers_words(server: A1111Server, fault: str) -> None:
    kind, words = ENDS_IN[fault]
    with pytest.raises(errors.BackendError) as caught:
        make(server, f"A fox, fault:{fault}", 2, given={"A1111_TIMEOUT": "1"})
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert server.counts().calls == 1


@pytest.mark.parametrize("fault", STILL_GIVES)
def test_what_is_usable_of_an_odd_answer_is_kept_and_said(server: A1111Server, fault: str) -> None:
    answer = make(server, f"A fox, fault:{fault}", 2)
    assert len(sizes(answer)) == 2
    assert "".join(answer.notes) == STILL_GIVES[fault]


def test_every_column_reaches_the_server_in_its_own_terms(server: A1111Server) -> None:
    answer = make(
        server,
        "A fox",
        3,
        seed_number=41,
        negative_prompt="text",
        style="anime",
        rendering="quality",
        aspect_ratio="2:3",
        color_palette="#1F4D3A #D96B27 #B3312C",
    )
    (asked,) = server.counts().asked
    assert asked == {
        "prompt": "A fox, anime style, color palette: dark green, orange, red",
        "negative_prompt": "text",
        "seed": 41,
        "width": 832,
        "height": 1248,
        "steps": 48,
        "batch_size": 1,
        "n_iter": 3,
    }
    assert [picture.seed for picture in answer.pictures] == [41, 42, 43]
    assert {picture.prompt_used for picture in answer.pictures} == {asked["prompt"]}


def test_without_a_seed_the_server_chooses_and_what_it_chose_is_kept(server: A1111Server) -> None:
    answer = make(server)
    assert server.counts().asked[0]["seed"] == -1
    assert answer.pictures[0].seed == 4_000_000_000


def test_no_row_asks_for_anything_that_the_server_does_not_take(server: A1111Server) -> None:
    async def run() -> int:
        backend = a1111.connect(Settings.read(server.environment()))
        calls = [
            backend.generate(rows.request(row, backend.size(row, columns.load().size(row))))
            for row in list(rows.every())[::9]
        ]
        answers = await asyncio.gather(*calls)
        await backend.close()
        assert not any(answer.notes for answer in answers)
        return len(answers)

    assert asyncio.run(run()) == server.counts().images


@pytest.mark.parametrize(
    ("side", "ratio", "size"),
    [
        ("1024", "16:9", (1312, 736)),
        ("512", "1:1", (512, 512)),
        ("512", "16:9", (656, 368)),
        ("768", "1:3", (384, 1152)),
    ],
)
def test_sizes_keep_their_shape_at_the_side_that_is_set(
    server: A1111Server, side: str, ratio: str, size: tuple[int, int]
) -> None:
    answer = make(server, given={"A1111_SIDE": side}, aspect_ratio=ratio)
    assert sizes(answer) == [size]


def test_what_the_server_lacks_is_said_only_where_the_row_asks_for_it(server: A1111Server) -> None:
    lacking = a1111.connect(Settings.read(server.environment())).gaps
    assert [gap.column for gap in lacking(rows.values(magic_prompt="off"))] == ["model"]
    full = lacking(rows.values(style="3d", color_palette="ember", negative_prompt="text", seed_number=1))
    assert [gap.column for gap in full] == ["model", "style", "color_palette"]
    assert "“3d render” is added" in full[1].sentence


def test_name_and_password_are_shown_and_stay_out_of_every_sentence(server: A1111Server) -> None:
    server.behave(account="me:sec@ret")
    address = server.url.replace("//", "//me:sec%40ret@")
    assert make(server, given={"A1111_BASE_URL": address}).pictures
    wrong = server.url.replace("//", "//me:wr0ng@")
    with pytest.raises(errors.Halted) as caught:
        make(server, given={"A1111_BASE_URL": wrong})
    traits = a1111.terms(Settings.read({"A1111_BASE_URL": wrong})).traits
    assert "wr0ng" not in str(caught.value) + traits.about + repr(
        a1111.endpoint(Settings.read({"A1111_BASE_URL": wrong}))
    )


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Start AUTOMATIC1111, Forge or SD.Next with --api"),
        ("localhost:7860", "no web address"),
        ("http://me:pä@h", "characters in its name or password"),
    ],
)
def test_a_missing_or_broken_address_is_named(address: str, words: str) -> None:
    with pytest.raises(errors.NotConfigured, match="A1111_BASE_URL") as caught:
        a1111.connect(Settings.read({"A1111_BASE_URL": address}))
    assert words in str(caught.value)


def test_an_address_works_with_a_path_and_with_that_of_the_call() -> None:
    for text in ("http://h:1/forge/", "http://h:1/forge/sdapi/v1/txt2img"):
        assert a1111.endpoint(Settings.read({"A1111_BASE_URL": text})).base == "http://h:1/forge"


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("#FF0000", "red"),
        ("#1F4D3A", "dark green"),
        ("#101C50", "navy"),
        ("#FFFFFF", "white"),
        ("#CBA324", "gold"),
    ],
)
def test_colours_get_their_everyday_names(color: str, name: str) -> None:
    assert color_name(color) == name


def test_a_plain_row_is_asked_for_with_its_prompt_as_it_stands() -> None:
    assert folded(rows.values("A fox, (red:1.2)")) == "A fox, (red:1.2)"


def test_the_price_is_what_is_set_and_nothing_by_default() -> None:
    address = {"A1111_BASE_URL": "http://h"}
    assert a1111.connect(Settings.read(address)).price(rows.values()) == 0
    assert a1111.connect(Settings.read(address | {"A1111_PRICE": "0.5"})).price(rows.values()) == 500
