"""A goal and a context are taken for what they say: a form, things, a manner, and what is forbidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting.goal import Wanted, wanted
from assistant.drafting.heads import Head, head_of
from assistant.drafting.negatives import forbidden
from assistant.drafting.segments import kind_of, pieces

unhurried = settings(deadline=None, database=None)


@pytest.mark.parametrize(
    ("text", "keywords", "rest"),
    [
        ("Soft shapes. No text unless quoted. No Santa, no trees.", "text, Santa, trees", "Soft shapes."),
        ("no text, logos or people, soft colours", "text, logos, people", "soft colours"),
        ("No text, logos, watermarks", "text, logos, watermarks", ""),
        ("No Santa, soft colours", "Santa", "soft colours"),
        ("Shots without people or hands on linen", "people, hands", "Shots on linen"),
        ("avoid the colour red and any brands; warm light", "red, brands", "warm light"),
        ("Don't use neon. Use serif type", "neon", "Use serif type"),
        ("diverse, kind, no two alike", "", "diverse, kind"),
        ("no more than two colours", "", ""),
        ("Kein Text, keine Menschen. Weiche Formen", "Text, Menschen", "Weiche Formen"),
        ("sans texte ni logo, couleurs douces", "texte, logo", "couleurs douces"),
        ("pas de texte, pas d'animaux", "texte, animaux", ""),
        ("sans-serif type", "", "sans-serif type"),
        ("nothing at all", "", "nothing at all"),
    ],
)
def test_what_is_forbidden_becomes_keywords_and_the_rest_stays(text: str, keywords: str, rest: str) -> None:
    found = forbidden(text)
    assert (", ".join(found.keywords), found.rest) == (keywords, rest)


def test_a_keyword_is_met_in_any_ending_but_not_in_another_word() -> None:
    ban = forbidden("No logos, no red cars.")
    assert ban.meets("a Logo on a wall")
    assert ban.meets("two red car doors")
    assert not ban.meets("a red fox in a car, logotypes")


@unhurried
@given(st.text(max_size=80))
def test_no_keyword_is_a_sentence(text: str) -> None:
    assert all(0 < len(keyword.split()) <= 5 for keyword in forbidden(text).keywords)


@pytest.mark.parametrize(
    ("goal", "context", "said"),
    [
        (
            "Product photos of ceramic mugs, vases and bowls on linen, soft morning light",
            "Backgrounds: oatmeal, night blue",
            {
                "opening": "A product photo of",
                "subjects": ("ceramic mugs", "vases", "bowls"),
                "action": "on linen",
                "manner": ("soft morning light",),
                "choices": {"background": ("oatmeal background", "night blue background")},
            },
        ),
        (
            "Christmas stickers with woodland animals for a shop",
            "",
            {"opening": "A Christmas sticker with", "theme": "woodland animals", "purpose": "for a shop"},
        ),
        ("Stickers with animals", "Animals: fox, owl", {"theme": "", "subjects": ("fox", "owl")}),
        ("Cards for a sale", "Colours: rust and cream", {"manner": ("rust and cream colours",)}),
        ("Posters for a jazz festival", "Use drums and horns.", {"choices": {"detail": ("drums", "horns")}}),
        ("Icons for an app: sun, rain", "", {"opening": "An icon of", "purpose": "for an app"}),
        ("Stickers: diverse, creative, kind", "", {"subjects": (), "unused": ("diverse, creative, kind",)}),
        (
            "Stickers of animals, such as a fox skiing and a hare",
            "",
            {"subjects": ("a fox skiing", "a hare")},
        ),
        ("Plakate von Wölfen und Bären", "", {"opening": "Plakate von", "subjects": ("Wölfen", "Bären")}),
    ],
)
def test_a_goal_is_taken_apart(goal: str, context: str, said: dict[str, object]) -> None:
    found: Wanted = wanted(goal, context)
    assert {name: getattr(found, name) for name in said} == said


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("A sticker design of a red fox in a scarf", Head("A sticker design of", "a red fox", "in a scarf")),
        ("a smiling fox holding a lantern", Head("", "a smiling fox", "holding a lantern")),
        ("Logo for a coffee chain", Head("Logo for", "a coffee chain", "")),
        ("A poster of Rome seen from a roof", Head("A poster of", "Rome", "seen from a roof")),
        ("Une affiche rétro d'un phare", Head("Une affiche rétro d'", "un phare", "")),
        ("Ein Aufkleber mit einem Igel unter Laub", Head("Ein Aufkleber mit", "einem Igel", "unter Laub")),
        ("a cup of tea on a tray", Head("", "a cup of tea", "on a tray")),
        ("a wedding ring", Head("", "a wedding ring", "")),
    ],
)
def test_a_head_is_taken_apart(text: str, head: Head) -> None:
    assert head_of(text) == head


@pytest.mark.parametrize(
    ("kind", "texts"),
    {
        "background": ["forest green background", "on a pale pink backdrop", "nachtblauer Hintergrund"],
        "light": ["soft light on green leaves", "golden hour", "hartes Seitenlicht", "at sunset"],
        "finish": ["thick white die-cut border", "weißer Rand"],
        "palette": ["two colors", "navy and white", "couleurs douces"],
        "composition": ["shallow depth of field", "centered", "lots of negative space"],
        "style": ["flat vector", "in the style of Hokusai", "Aquarell"],
        "action": ["catching a snowflake", "in a knitted scarf"],
        "lettering": ["the title “Nebel” in white"],
        "": ["a paper plane", "a laptop with a green light", "an empty train station at dawn"],
    }.items(),
)
def test_a_piece_is_told_by_its_noun(kind: str, texts: list[str]) -> None:
    assert {text: kind_of(text) for text in texts} == dict.fromkeys(texts, kind)


def test_nothing_is_cut_within_quotation_marks() -> None:
    found = pieces("A card with “Cold, warm. Old”, blue; soft. It is late")
    assert [piece.text for piece in found] == ["A card with “Cold, warm. Old”", "blue", "soft", "It is late"]
    assert [piece.glue for piece in found] == ["", ", ", "; ", ". "]
