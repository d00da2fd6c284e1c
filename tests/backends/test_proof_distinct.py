"""Rows are told apart at a glance: no two posters of a sheet look alike by a perceptual hash."""

from __future__ import annotations

import imagehash
import numpy as np

from jobs.backends.port import Answer
from tests.backends import rows
from tests.backends.posters import made_prompts, make_all, opened, real_prompts
from tests.machine import missing

ROWS = 499
APART = 6
"""Bits of 64 by which two posters must differ; half of them is what chance gives."""

SIZE = (512, 512)
"""Half of what a row would have; the hash looks at 32 × 32."""


def nearest(answers: list[Answer], images: int = 1) -> int:
    """The least distance between any two of these images."""
    hashes = np.array(
        [
            imagehash.phash(opened(answer, index), hash_size=8).hash.flatten()
            for answer in answers
            for index in range(1, images + 1)
        ]
    ).astype(np.int16)
    distances = (hashes[:, None, :] != hashes[None, :, :]).sum(axis=2)
    return int(distances[np.triu_indices(len(hashes), 1)].min())


def test_of_499_rows_no_two_look_alike() -> None:
    prompts = made_prompts(ROWS) if missing("shared") else real_prompts(ROWS)
    assert len(prompts) == ROWS
    assert nearest(make_all([rows.values(prompt) for prompt in prompts], size=SIZE)) > APART


def test_the_four_images_of_a_row_do_not_look_alike() -> None:
    for answer in make_all([rows.values(prompt) for prompt in made_prompts(12)], images=4, size=SIZE):
        assert nearest([answer], 4) > APART


def test_one_seed_for_a_whole_sheet_does_not_make_its_rows_alike() -> None:
    sheet = [rows.values(prompt, seed_number=7) for prompt in made_prompts(60)]
    assert nearest(make_all(sheet, size=SIZE)) > APART


def test_a_seed_kept_while_the_style_changes_keeps_the_composition() -> None:
    styles = [rows.values(seed_number=7, style=style) for style in ("auto", "design", "general")]
    one, two, three = (imagehash.phash(opened(answer)) for answer in make_all(styles))
    assert max(one - two, one - three) <= APART
