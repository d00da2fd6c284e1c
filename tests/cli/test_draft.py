"""`draft`: a goal becomes a checked sheet, by combinations and with a model on loopback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schema.sheet import Examined, examine
from tests.cli.terminal import Terminal
from tests.cli.test_run import ours
from tests.fakes.chat_server import ChatServer
from tests.waiting import until

GOAL = "Stickers of foxes, owls and badgers for a children's shop"
EXAMPLE = "A sticker design of a cheerful fox in a red scarf, white border"


def sheet(path: Path) -> Examined:
    return examine(path.read_bytes(), path.name)


def test_combinations_become_a_checked_sheet_without_a_model(terminal: Terminal) -> None:
    (terminal.folder / "animals.txt").write_text("fox\nowl\n")
    combined = (
        "--combine",
        "--example",
        "A sticker of a {red|blue} __animal__",
        "--list",
        "animal=animals.txt",
    )
    done = terminal.run(
        *("draft", "--goal", GOAL, *combined, "--set", "model=3", "--spread", "aspect_ratio=1:1, 2:3"),
        *("-o", "stickers.xlsx"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "stickers.xlsx: 4 of 4 rows, 4 valid."
    found = sheet(terminal.folder / "stickers.xlsx")
    assert [problem.level for problem in found.problems] == []
    assert {row["model"] for row in found.values} == {"3.0"}
    assert sorted(str(row["aspect_ratio"]) for row in found.values) == ["1:1", "1:1", "2:3", "2:3"]
    assert ours(terminal) == []


def test_fewer_rows_than_asked_are_said_and_written(terminal: Terminal) -> None:
    arguments = ("--combine", "--example", "A {red|blue} fox", "--rows", "400", "-o", "foxes.csv")
    done = terminal.run("draft", "--goal", "Foxes", *arguments)
    assert done.returncode == 1
    assert "The examples make 2 rows and no more." in done.stderr
    assert (terminal.folder / "foxes.csv").exists()


def test_a_model_writes_it_and_its_faults_are_told_in_words(terminal: Terminal) -> None:
    with ChatServer() as chat:
        done = terminal.run(
            "draft", "--goal", GOAL, "--rows", "30", "-o", "stickers.csv", **chat.environment()
        )
        assert (done.returncode, done.stdout.splitlines()[-1]) == (
            0,
            "stickers.csv: 30 of 30 rows, 30 valid.",
        )
        assert len(sheet(terminal.folder / "stickers.csv").values) == 30
        chat.behave(key="another")
        refused = terminal.run("draft", "--goal", GOAL, "-o", "none.csv", **chat.environment())
    assert refused.returncode == 1
    assert "key" in refused.stderr
    assert chat.key not in refused.stderr + refused.stdout


def test_the_plan_is_printed_and_one_of_the_persons_own_is_followed(terminal: Terminal) -> None:
    plan = terminal.folder / "plan.json"
    with ChatServer() as chat:
        done = terminal.run(
            "draft", "--goal", "60 stickers of foxes", "-o", "foxes.csv", **chat.environment()
        )
        assert done.stdout.splitlines()[-1] == "foxes.csv: 60 of 60 rows, 60 valid.", done.stderr
        assert "Plan: 3 strands." in done.stdout
        assert "  every row: " in done.stdout
        chat.reset()
        for text, told in (
            ("no json", "plan.json is no JSON file"),
            ("[]", "A plan is a JSON object"),
            ('{"strands": [{"name": "Cats", "rows": 0}]}', "Strand 1 of the plan has no number of rows"),
        ):
            plan.write_text(text)
            refused = terminal.run(
                "draft", "--goal", GOAL, "--plan", "plan.json", "-o", "no.csv", **chat.environment()
            )
            assert (refused.returncode, told in refused.stderr) == (1, True), refused.stderr
        plan.write_text(
            '{"strands": [{"name": "Cats", "rows": 4}, {"name": "Dogs", "rows": 2}], "order": "strands"}'
        )
        done = terminal.run(
            *("draft", "--goal", GOAL, "--plan", "plan.json", "-o", "pets.csv"), **chat.environment()
        )
        assert done.stdout.splitlines()[-1] == "pets.csv: 6 of 6 rows, 6 valid.", done.stderr
        assert chat.counts().kinds.get("plan") is None


def test_interrupted_it_keeps_the_rows_that_came(terminal: Terminal) -> None:
    output = terminal.folder / "stickers.csv"
    with ChatServer(pace=0.1) as chat:
        arguments = ("draft", "--goal", GOAL, "--rows", "300", "-o", str(output))
        running = terminal.start(*arguments, **chat.environment())
        until(lambda: re.search(r"^[1-9]\d* of 300 rows", running.said, re.MULTILINE))
        running.interrupt()
        assert running.ends() == 1
    assert "Stopped by you." in running.said
    assert 1 < len(sheet(output).values) < 300


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--set", "style"), "takes COLUMN=VALUE"),
        (("--set", "style=cubist"), "style"),
        (("--rows", "0"), "1 to 499"),
        (("--set", "style=design", "--spread", "style=auto,3d"), "given twice"),
        (("--combine",), "examples have nothing to combine"),
        (("--combine", "--example", "A __animal__"), "there is no list of that name"),
        (("--list", "animal"), "takes NAME=FILE"),
        (("--list", "animal=none.txt"), "none.txt cannot be read"),
    ],
)
def test_what_cannot_be_drafted_is_a_sentence(
    terminal: Terminal, arguments: tuple[str, ...], words: str
) -> None:
    done = terminal.run("draft", "--goal", GOAL, "-o", "x.csv", *arguments)
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_model_the_ways_that_need_none_are_named(terminal: Terminal) -> None:
    done = terminal.run("draft", "--goal", GOAL, "-o", "x.csv")
    assert done.returncode == 1
    assert "use a chat app of your own, or combine" in done.stderr
