"""What stands on a proof poster: the row's colours, its style and rendering, its words."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from jobs.backends.proof import motifs
from jobs.backends.proof.inks import HOUSE, INK, PAPER, color, light
from jobs.backends.proof.lettering import PLACEHOLDER, SERIF, drawable, has
from jobs.backends.proof.typesetting import Measure, fitted
from schema import columns
from tests.backends import rows
from tests.backends.posters import make, opened

KNOWN = columns.load()
SQUARE = 20 * 20
"""Pixels that a square of the control strip has at least, on a poster of one megapixel."""

GREEK = "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґђљњџ"
LATIN = string.ascii_letters + string.digits + string.punctuation + "àéîõüçñßøåæœłżőšžığşŵœþð“”‘’–—…€£×°"


def counts(image: Image.Image) -> dict[tuple[int, ...], int]:
    found = image.getcolors(image.width * image.height)
    assert found is not None
    return {tuple(value): count for count, value in found if isinstance(value, tuple)}


@pytest.mark.parametrize("style", KNOWN["style"].choices)
@pytest.mark.parametrize(
    "palette", [*KNOWN["color_palette"].choices, "#CBA324 #F86C14 #C71E71", "#0a0b0c", "#FFFFFF"]
)
def test_the_colours_of_the_palette_are_there_exactly_as_given(palette: str, style: str) -> None:
    found = counts(opened(make(rows.values(color_palette=palette, style=style))))
    for text in KNOWN.colors(palette):
        assert found[color(text)] >= SQUARE, text


@pytest.mark.parametrize("palette", ["#1F4D3A #D96B27 #F5EFE3", "ember", "mosaic"])
def test_a_flat_composition_keeps_to_the_colours_of_the_palette(palette: str) -> None:
    answer = make(rows.values(color_palette=palette, style="design"), images=4)
    for index in (1, 2, 3, 4):
        found = counts(opened(answer, index).crop((0, 0, 1024, 700)))
        assert sum(found.get(color(text), 0) for text in KNOWN.colors(palette)) > 0.95 * 1024 * 700


def test_the_images_of_a_row_share_a_palette_and_not_a_ground() -> None:
    answer = make(rows.values(style="design"), images=4)
    strips = [opened(answer, n).crop((780, 960, 1000, 1010)).tobytes() for n in (1, 2, 3, 4)]
    assert len(set(strips)) == 1
    corners = [opened(answer, n).getpixel((0, 0)) for n in (1, 2, 3, 4)]
    assert len(set(corners)) > 1


@pytest.mark.parametrize("column", ["style", "rendering"])
def test_style_and_rendering_are_seen(column: str) -> None:
    art = [
        opened(make(rows.values(seed_number=41020, **{column: choice}))).crop((0, 0, 1024, 700)).convert("L")
        for choice in KNOWN[column].choices
    ]
    for number, one in enumerate(art):
        for other in art[:number]:
            changed = ImageChops.difference(one, other).point(lambda level: 255 * (level > 20))
            assert ImageStat.Stat(changed).mean[0] / 255 > 0.004


def test_every_house_palette_can_carry_a_figure_on_any_of_its_grounds() -> None:
    for palette in HOUSE:
        tones = [light(color(text)) for text in palette]
        assert all(max(abs(tone - ground) for tone in tones) > 80 for ground in tones)


def test_there_are_many_compositions_each_of_its_own_kind() -> None:
    assert len({motif.__name__ for motif in motifs.ALL}) == len(motifs.ALL) >= 24


def test_prompt_and_mark_are_set_in_ink_on_paper() -> None:
    found = counts(
        opened(make(rows.values("A poster of a lighthouse at dawn with the words “Morning Light”")))
    )
    assert found[PAPER] > 0.1 * 1024 * 1024
    assert found[INK] > 1000


@pytest.mark.parametrize("text", [LATIN, GREEK + GREEK.upper(), CYRILLIC + CYRILLIC.upper()])
def test_latin_greek_and_cyrillic_are_drawn(text: str) -> None:
    assert drawable(text) == (text, ())
    assert make(rows.values(text), size=(256, 256)).notes == ()


def test_signs_that_the_fonts_lack_are_boxes_and_named_once() -> None:
    assert drawable("a 狐 and a 狸, 狐") == (
        f"a {PLACEHOLDER} and a {PLACEHOLDER}, {PLACEHOLDER}",
        ("狐", "狸"),
    )
    assert make(rows.values("a 狐 and a 狸, 狐"), images=3, size=(256, 256)).notes == (
        "Proof’s fonts have no letters for: 狐, 狸; they are shown as boxes.",
    )


def test_a_long_list_of_lacking_signs_is_counted() -> None:
    (note,) = make(rows.values("いろはにほへとちりぬるをわかよたれそ"), size=(256, 256)).notes
    assert "、" not in note
    assert note.endswith(" and 6 more; they are shown as boxes.")


@pytest.mark.parametrize("emoji", ["🦊", "👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "☃️"])
def test_a_prompt_of_one_emoji_is_one_box(emoji: str) -> None:
    assert drawable(emoji) == (PLACEHOLDER, (emoji,))
    answer = make(rows.values(emoji), size=(256, 256))
    assert answer.notes == (f"Proof’s fonts have no letters for: {emoji}; it is shown as a box.",)


@pytest.mark.parametrize("prompt", ["x", "\u200b", "two\nlines\r\n\tand a tab", "e\u0301"])
def test_short_and_broken_prompts_are_set_without_a_word(prompt: str) -> None:
    assert make(rows.values(prompt), size=(256, 256)).notes == ()


def test_line_breaks_are_spaces_and_accents_join_their_letters() -> None:
    assert drawable("two\n lines\tcafe\u0301") == ("two lines café", ())


@pytest.mark.parametrize("ratio", ["1:3", "1:1", "3:1"])
def test_a_prompt_longer_than_its_poster_is_cut_and_the_row_says_after_which_word(ratio: str) -> None:
    (note,) = make(rows.values("A fox and an owl " * 400, aspect_ratio=ratio)).notes
    head, _, words = note.partition("; cut after ")
    assert head == "The prompt is longer than its poster"
    assert 80 < int(words.removesuffix(" words.")) < 800


def test_a_word_longer_than_its_poster_is_divided_and_cut_by_characters() -> None:
    (note,) = make(rows.values("w" * 5000)).notes
    assert note.startswith("The prompt is longer than its poster; cut after 1")
    assert note.endswith(" characters.")


def test_a_short_prompt_is_set_larger_than_a_long_one() -> None:
    sizes = (60, 40, 20, 10)
    short, long = (fitted(text, 400, sizes, lambda _: 200) for text in ("A fox", "A fox and an owl " * 8))
    assert short.size == 60
    assert long.size < 60
    assert not short.left_out
    assert not long.left_out


def test_no_word_is_left_alone_on_the_last_line() -> None:
    copy = fitted("A sticker of a cheerful fox in a scarf, white border", 400, (30,), lambda _: 500)
    assert len(copy.lines[-1]) > 0.5 * len(copy.lines[0])


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=60))
def test_whatever_a_prompt_holds_only_signs_that_the_font_has_are_drawn(prompt: str) -> None:
    drawn, lacked = drawable(prompt)
    assert all(character == " " or has(SERIF, character) for character in drawn)
    assert (PLACEHOLDER in drawn) == bool(lacked) or PLACEHOLDER in unicodedata.normalize("NFC", prompt)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab wWé狐—", min_size=1, max_size=400), st.integers(60, 500), st.integers(8, 60))
def test_no_line_is_wider_than_its_column(prompt: str, width: int, size: int) -> None:
    text, _ = drawable(prompt)
    copy = fitted(text, width, (size, 8), lambda _: 120)
    measure = Measure(width, copy.size)
    for line in copy.lines:
        assert (
            sum(piece.width for piece in measure.pieces(line)) + measure.space * line.count(" ")
            <= width + 0.5
        )


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 400), st.integers(1, 400), st.sampled_from(KNOWN["style"].choices), st.integers(0, 10**6)
)
def test_a_poster_of_any_size_is_drawn(width: int, height: int, style: str, seed: int) -> None:
    row = rows.values(style=style, seed_number=seed)
    assert opened(make(row, size=(width, height))).size == (width, height)
