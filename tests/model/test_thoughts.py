"""What a model thinks is no answer, whatever marks it; and what loops is seen to loop."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.model.loops import Loops
from assistant.model.thoughts import Thoughts, answered
from tests.fakes.chat_server import ChatServer
from tests.model.questions import COLUMNS, ask

unhurried = settings(deadline=None, database=None)
ROW = '{"prompt": "A fox"}'
FALSE = 'They want {"prompt": "not this one"} and "quotes'

ANSWERS = [
    f"<think>\n{FALSE}\n</think>\n\n{ROW}",
    f"<Thinking>{FALSE}</thinking>{ROW}",
    f"{FALSE}\n</think>\n{ROW}",
    f"[THINK]{FALSE}[/THINK]{ROW}",
    f"{FALSE}[/THINK]\n{ROW}",
    f"<|channel|>analysis<|message|>{FALSE}<|end|><|start|>assistant<|channel|>final<|message|>{ROW}<|return|>",
    f"<|channel|>final <|constrain|>json<|message|>{ROW}",
    f"analysis{FALSE}assistantfinal{ROW}",
    f"◁think▷{FALSE}◁/think▷{ROW}",
    f"<|START_THINKING|>{FALSE}<|END_THINKING|>{ROW}",
    f"<seed:think>{FALSE}</seed:think>{ROW}",
    ROW,
    "A < b, [x] ◁ and <b>bold</b>, assistants: " + ROW,
]


def filtered(text: str, step: int) -> str:
    """What is left of a text that comes in pieces of so many characters."""
    thoughts, found = Thoughts(), ""
    for piece in [*(text[at : at + step] for at in range(0, len(text), step)), None]:
        alone = thoughts.alone
        visible = thoughts.rest() if piece is None else thoughts.feed(piece)
        found = visible if thoughts.alone > alone else found + visible
    return found


@pytest.mark.parametrize("text", ANSWERS)
@pytest.mark.parametrize("step", [1, 2, 5, 11, 10_000])
def test_thoughts_are_parted_from_the_answer_however_it_is_cut(text: str, step: int) -> None:
    found = filtered(text, step)
    assert "not this one" not in found
    assert found.endswith(ROW)
    assert answered(text).endswith(ROW)


@unhurried
@given(st.text(max_size=80), st.integers(1, 9))
def test_a_text_without_marks_is_left_as_it_is(text: str, step: int) -> None:
    plain = text.replace("<", "").replace("[", "").replace("◁", "")
    assert filtered(plain, step) == plain or "assistantfinal" in plain


@pytest.mark.parametrize("shape", ["think", "alone", "channels", "brackets"])
def test_what_is_thought_becomes_no_row(server: ChatServer, shape: str) -> None:
    server.behave(persona="deaf", shape=shape)
    asked = ask(server)
    assert (len(asked.rows), asked.error) == (6, None)
    assert "not this one" not in asked.prompts
    assert all(set(row) == set(COLUMNS) for row in asked.rows)


def test_rows_that_stand_among_the_thoughts_alone_are_looked_at(server: ChatServer) -> None:
    server.behave(script=["answer-in-thoughts"])
    asked = ask(server)
    assert (len(asked.rows), asked.error, server.counts().calls) == (6, None, 1)


def loops(text: str) -> bool:
    seen = Loops()
    return any(seen.feed(text[at : at + 17]) for at in range(0, len(text), 17))


@pytest.mark.parametrize(
    "text",
    ["and so on " * 80, "A fox in a red scarf, white border\n" * 20, " " * 900, "\n\t" * 500, "x" * 900],
)
def test_the_same_again_and_again_is_a_loop(text: str) -> None:
    assert loops(f"A good beginning, and then: {text}")


def test_rows_of_the_same_shape_are_no_loop() -> None:
    assert not loops(
        "".join(f'{{"prompt": "A fox {at * 7919 % 997}", "style": null}},\n' for at in range(300))
    )
    assert not loops("\n".join(f"{at}. A sticker of hare {at}, white border" for at in range(300)))


@unhurried
@given(st.text(max_size=900))
def test_any_text_at_all_is_looked_at(text: str) -> None:
    assert loops(text) in (True, False)
