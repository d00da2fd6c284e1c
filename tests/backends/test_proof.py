"""The proof back end: sizes, seeds, notes, and how calls end."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from itertools import product

import pytest

from jobs import errors
from jobs.backends.port import Answer
from jobs.backends.proof import Proof
from jobs.backends.proof.seeds import derived
from schema import columns
from tests.backends import rows
from tests.backends.posters import make, make_all, opened
from tests.machine import ROOT

RATIO = columns.load()["aspect_ratio"]


def _known(model: str, ratio: str) -> bool:
    sizes = RATIO.spec["x-sizes"]
    return ratio in sizes.get(model, sizes[""])


@pytest.mark.parametrize(
    ("model", "ratio"), [pair for pair in product(("1.0", "2.0"), RATIO.choices) if _known(*pair)]
)
def test_an_image_has_the_exact_size_of_its_ratio_and_model(model: str, ratio: str) -> None:
    row = rows.values(model=model, aspect_ratio=ratio)
    assert opened(make(row)).size == columns.load().size(row)


def test_equal_rows_give_equal_files_in_other_processes_with_other_threads() -> None:
    script = """
import hashlib, sys
from tests.backends import rows
from tests.backends.posters import make_all
many = [rows.values("A fox, 狐", style=style) for style in ("auto", "realistic", "anime")]
for answer in make_all(many, images=3, threads=int(sys.argv[1]), size=(512, 640)):
    for picture in answer.pictures:
        print(picture.seed, hashlib.sha256(picture.data).hexdigest())
"""

    def told(threads: str, hash_seed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, threads],
            cwd=ROOT,
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    first, second = told("1", "1"), told("4", "2")
    assert first == second
    assert len(set(first.splitlines())) == 9


def test_a_seed_that_was_set_is_kept_and_told() -> None:
    assert [picture.seed for picture in make(rows.values(seed_number=0), images=2).pictures] == [0, 0]


def test_a_row_without_a_seed_gets_one_that_gives_the_same_images_when_it_is_set() -> None:
    free = make(rows.values(), images=2)
    seed = free.pictures[0].seed
    assert seed is not None
    assert 0 <= seed <= (columns.load()["seed_number"].maximum or 0)
    assert make(rows.values(seed_number=seed), images=2) == free


def test_other_values_get_another_seed_but_not_more_images_or_another_visibility() -> None:
    plain = derived(rows.values())
    assert derived(rows.values(num_images=1)) == derived(rows.values(visibility="public")) == plain
    others = [
        {"style": "design"},
        {"aspect_ratio": "2:3"},
        {"color_palette": "ember"},
        {"rendering": "turbo"},
    ]
    assert (
        len({plain, derived(rows.values("An owl")), *(derived(rows.values(**more)) for more in others)}) == 6
    )


def test_more_images_leave_the_first_ones_as_they_were() -> None:
    assert (
        make(rows.values(num_images=4), images=4).pictures[:2]
        == make(rows.values(num_images=2), images=2).pictures
    )


def test_only_a_negative_prompt_is_ignored() -> None:
    backend = Proof(1)
    assert backend.gaps(rows.values(magic_prompt="on", model="3.0", seed_number=3, style="design")) == ()
    (gap,) = backend.gaps(rows.values(negative_prompt="text, watermark"))
    assert gap.column == "negative_prompt"


def test_every_size_is_drawn_as_wanted() -> None:
    assert Proof(1).size(rows.values(), (640, 480)) == (640, 480)


def test_a_drawing_that_fails_ends_as_a_rejected_row_and_the_next_is_drawn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> tuple[BaseException, Answer]:
        backend = Proof(1)
        broken = rows.request(rows.values(), (0, 640), images=3)
        ended = await asyncio.gather(backend.generate(broken), return_exceptions=True)
        answer = await backend.generate(rows.request(rows.values(), (64, 64)))
        await backend.close()
        assert isinstance(ended[0], BaseException)
        return ended[0], answer

    error, answer = asyncio.run(run())
    assert isinstance(error, errors.Rejected)
    assert str(error).startswith("Proof could not draw this row.")
    assert "Traceback" in caplog.text
    assert opened(answer).size == (64, 64)


def test_a_call_given_up_draws_no_more_of_its_images_and_leaves_the_others_alone() -> None:
    async def run() -> tuple[list[BaseException | Answer], Answer]:
        backend = Proof(1)
        size = (768, 768)
        given_up = [asyncio.create_task(backend.generate(rows.request(rows.values(), size, 1000)))]
        kept = asyncio.create_task(backend.generate(rows.request(rows.values("An owl"), size)))
        await asyncio.sleep(0)
        given_up[0].cancel()
        ended = await asyncio.gather(*given_up, return_exceptions=True)
        answer = await asyncio.wait_for(kept, 5)  # a thousand images take longer
        await backend.close()
        return ended, answer

    ended, answer = asyncio.run(run())
    assert isinstance(ended[0], asyncio.CancelledError)
    assert answer == make(rows.values("An owl"), size=(768, 768))


def test_closing_drops_what_waits_says_so_and_ends_the_threads() -> None:
    async def run() -> list[BaseException | Answer]:
        backend = Proof(2)
        calls = [
            asyncio.create_task(backend.generate(rows.request(rows.values(f"Fox {n}"), (1024, 1024))))
            for n in range(600)
        ]
        await asyncio.sleep(0)
        await asyncio.wait_for(backend.close(), 5)  # six hundred rows take longer
        ended = await asyncio.gather(*calls, return_exceptions=True)
        with pytest.raises(errors.Unavailable, match="closed"):
            await backend.generate(rows.request(rows.values(), (64, 64)))
        return ended

    ended = asyncio.run(run())
    assert all(isinstance(end, Answer | errors.Unavailable) for end in ended)
    assert sum(isinstance(end, errors.Unavailable) for end in ended) > 500
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("proof")]


def test_the_event_loop_goes_on_while_rows_are_drawn() -> None:
    async def run() -> int:
        backend = Proof(1)
        drawing = asyncio.create_task(backend.generate(rows.request(rows.values(), (1024, 1024), 4)))
        turns = 0
        while not drawing.done():
            await asyncio.sleep(0)
            turns += 1
        await backend.close()
        return turns

    assert asyncio.run(run()) > 10


def test_many_rows_at_once_come_back_each_with_its_own_images() -> None:
    many = [rows.values(f"Fox {number}", seed_number=number) for number in range(12)]
    answers = make_all(many, images=2, size=(256, 256))
    assert [answer.pictures[0].seed for answer in answers] == list(range(12))
    assert len({picture.data for answer in answers for picture in answer.pictures}) == 24
