"""Each format has one shape in the style sheet, with the measure that the schema's sizes give it."""

from __future__ import annotations

import re

import pytest

from assistant.app import VENDOR
from assistant.web.creations.prints import shape
from schema import columns

RATIOS = columns.load()["aspect_ratio"].choices
STYLES = (VENDOR.parent / "promptsheet.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_style_sheet_knows_each_format_by_its_measure(ratio: str) -> None:
    width, height = columns.load().size({"aspect_ratio": ratio})
    name = shape((width, height))
    found = re.findall(rf"\.{name} {{ --r: ([\d.]+); }}", STYLES)
    assert len(found) == 1
    assert float(found[0]) == pytest.approx(width / height, abs=0.0005)


def test_each_format_has_a_shape_of_its_own() -> None:
    assert len({shape(columns.load().size({"aspect_ratio": ratio})) for ratio in RATIOS}) == len(RATIOS)


@pytest.mark.parametrize(
    ("size", "name"), [((1024, 1536), "r23"), ((1792, 1024), "r169"), ((512, 512), "r11"), ((1, 900), "r13")]
)
def test_a_size_of_a_back_ends_own_has_the_nearest_shape(size: tuple[int, int], name: str) -> None:
    assert shape(size) == name
