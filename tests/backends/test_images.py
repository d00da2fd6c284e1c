"""What is taken for a whole image, and how images are cut out of an answer."""

from __future__ import annotations

import base64
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.backends import images
from tests.fakes import pictures

PNG = pictures.png(64, 48, 2_000)
unhurried = settings(deadline=None)


@pytest.mark.parametrize(
    "data", [PNG, pictures.converted(64, 48, "JPEG"), pictures.converted(64, 48, "WEBP")]
)
def test_a_whole_image_has_its_size(data: bytes) -> None:
    assert images.size(data) == (64, 48)
    assert images.size(data + b"\n") == (64, 48)


@unhurried
@given(st.integers(1, len(PNG)))
def test_a_png_cut_anywhere_is_damaged(missing: int) -> None:
    with pytest.raises(images.Damaged):
        images.size(PNG[:-missing])


@unhurried
@given(st.integers(0, len(PNG) * 8 - 1))
def test_a_png_with_any_bit_flipped_is_damaged(bit: int) -> None:
    flipped = bytearray(PNG)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(images.Damaged):
        images.size(bytes(flipped))


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_a_cut_jpeg_or_webp_is_damaged(form: str) -> None:
    whole = pictures.converted(64, 48, form)
    for missing in (3, 50, len(whole) // 2, len(whole) - 4, len(whole)):
        with pytest.raises(images.Damaged):
            images.size(whole[:-missing])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_rubbish_that_begins_like_an_image_is_damaged_and_nothing_worse(form: str) -> None:
    begun = PNG if form == "PNG" else pictures.converted(64, 48, form)
    noise = random.Random(4)
    for kept in range(4, 64, 3):
        try:
            images.size(begun[:kept] + noise.randbytes(300))
        except images.Damaged:
            continue
        pytest.fail(f"{kept} bytes of {form} and noise pass for an image")


def test_an_image_too_large_to_be_one_is_damaged() -> None:
    huge = bytearray(PNG)
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(images.Damaged):
        images.size(bytes(huge))


text = st.text() | st.binary().map(lambda data: base64.b64encode(data).decode())
entry = st.dictionaries(st.sampled_from(["b64_json", "url", "revised_prompt"]), text | st.none())
answers = st.fixed_dictionaries({"created": st.integers(), "data": st.lists(entry)})


@unhurried
@given(answers, st.booleans(), st.sampled_from([None, 1]))
def test_an_answer_read_with_its_images_cut_out_is_the_answer(
    answer: dict[str, object], ascii_only: bool, indent: int | None
) -> None:
    body = json.dumps(answer, ensure_ascii=ascii_only, indent=indent).encode()
    read, cut = images.parse(body)
    for item in read["data"]:
        if isinstance(item.get("b64_json"), int):
            item["b64_json"] = bytes(cut[item["b64_json"]]).decode()
    assert read == answer


@unhurried
@given(st.binary(max_size=60).map(lambda data: b'{"data": [{"b64_json": "' + data))
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        images.parse(body)


def test_an_endless_nesting_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="nested"):
        images.parse(b"[" * 200_000)


@pytest.mark.parametrize("start", ["", "data:image/png;base64,"])
def test_base64_and_data_urls_of_it_are_decoded(start: str) -> None:
    encoded = start + base64.b64encode(PNG).decode()
    assert images.decode(encoded) == images.decode(memoryview(encoded.encode())) == PNG


@pytest.mark.parametrize("text", ["A", "AAAAA", "data:image/png;base64,A"])
def test_what_is_no_base64_is_damaged(text: str) -> None:
    with pytest.raises(images.Damaged):
        images.decode(text)


@pytest.mark.parametrize("text", ["é", "data:", "data:image/png;base64,", "!!!!"])
def test_base64_of_no_image_is_damaged(text: str) -> None:
    with pytest.raises(images.Damaged):
        images.size(images.decode(text))
