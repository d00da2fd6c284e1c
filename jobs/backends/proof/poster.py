"""One poster as a PNG file: a composition, its prompt, the line of its settings, the strip of its colours."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from jobs.backends.port import Values
from jobs.backends.proof import motifs
from jobs.backends.proof.inks import HAIRLINE, INK, PAPER, QUIET, Color, color, house, shared_out
from jobs.backends.proof.layout import Layout, Strip, laid_out
from jobs.backends.proof.lettering import SERIF, drawable, font
from jobs.backends.proof.manners import manner, rendering
from jobs.backends.proof.plate import Plate
from jobs.backends.proof.seeds import lots
from schema import columns

MARK = "PROOF"

_PRINTED = ("aspect_ratio", "model", "style", "rendering")
"""Columns whose values stand in the line of settings."""

_NAMED = 12
"""Most signs that a note lists one by one."""


@dataclass(frozen=True, slots=True)
class Order:
    """All that a poster depends on: `image` counts from 1 within the row."""

    values: Values
    width: int
    height: int
    seed: int
    image: int


@dataclass(frozen=True, slots=True)
class Print:
    """A finished poster, and sentences about what of the prompt is not on it."""

    png: bytes
    notes: tuple[str, ...]


def draw(order: Order) -> Print:
    """Draw a poster. Equal orders give equal bytes, in any thread and process."""
    prompt = str(order.values["prompt"])
    text, lacked = drawable(prompt)
    chances = lots(prompt, order.seed)
    palette = _palette(order.values) or house(chances)
    layout = laid_out(text, _settings(order), len(palette), order.width, order.height)
    sheet = Image.new("RGB", (order.width, order.height), PAPER)
    for top, band in _plate(order, palette, *layout.art).developed():
        sheet.paste(band, (0, top))
    _letter(sheet, layout)
    _control(sheet, layout.footer.strip, palette)
    out = io.BytesIO()
    # Run lengths only: for areas of one colour as small as the default, in half its time.
    sheet.save(out, "PNG", compress_level=1, compress_type=3)
    return Print(out.getvalue(), (*_lacking(lacked), *_left_out(layout)))


def _palette(values: Values) -> tuple[Color, ...]:
    given = str(values.get("color_palette", ""))
    return tuple(color(text) for text in columns.load().colors(given))


def _settings(order: Order) -> tuple[str, ...]:
    printed = (str(order.values[name]) for name in _PRINTED if name in order.values)
    return (MARK, f"image {order.image}", *printed, f"seed {order.seed}")


def _plate(order: Order, palette: Sequence[Color], width: int, height: int) -> Plate:
    """The images of a row share a palette; each has the next of its colours as ground, and another motif."""
    prompt = str(order.values["prompt"])
    row = lots(prompt, order.seed, "row")
    chances = lots(prompt, order.seed, order.image)
    inks = shared_out(palette, row.randrange(len(palette)) + order.image, chances)
    motif = row.sample(motifs.ALL, len(motifs.ALL))[order.image % len(motifs.ALL)]
    plate = Plate(width, height, inks, manner(order.values), rendering(order.values))
    motif(plate, chances)
    return plate


def _letter(sheet: Image.Image, layout: Layout) -> None:
    pen = ImageDraw.Draw(sheet)
    face = font(SERIF, layout.copy.size)
    for line, y in zip(layout.copy.lines, layout.copy.baselines(layout.y), strict=True):
        pen.text((layout.x, y), line, INK, face, anchor="ls")
    for word in layout.footer.words:
        fill = INK if word.text == MARK else QUIET
        pen.text((word.x, word.y), word.text, fill, font(word.face, layout.footer.small), anchor="ls")


def _control(sheet: Image.Image, strip: Strip, palette: Sequence[Color]) -> None:
    pen, side = ImageDraw.Draw(sheet), strip.side
    edge = (strip.x - 1, strip.y - 1, strip.x + side * len(palette), strip.y + side)
    pen.rectangle(edge, outline=HAIRLINE)
    for number, ink in enumerate(palette):
        left = strip.x + number * side
        pen.rectangle((left, strip.y, left + side - 1, strip.y + side - 1), fill=ink)


def _lacking(signs: Sequence[str]) -> tuple[str, ...]:
    if not signs:
        return ()
    more = f" and {len(signs) - _NAMED} more" if len(signs) > _NAMED else ""
    shown = "it is shown as a box" if len(signs) == 1 else "they are shown as boxes"
    return (f"Proof’s fonts have no letters for: {', '.join(signs[:_NAMED])}{more}; {shown}.",)


def _left_out(layout: Layout) -> tuple[str, ...]:
    cut = layout.copy.left_out
    return (f"The prompt is longer than its poster; {cut}.",) if cut else ()
