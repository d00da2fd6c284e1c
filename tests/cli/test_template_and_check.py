"""`template` and `check`: what goes to a file, what to stdout, and with which exit status."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from schema.sheet import examine
from tests.cli.terminal import COMMAND, Terminal

CONTRACT = ["file", "encoding", "rows", "images", "credits", "valid", "problems"]
PROBLEM = ["row", "column", "value", "level", "code", "message", "fix", "fixes"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("full", [True, False])
def test_a_template_that_was_written_can_be_checked(terminal: Terminal, full: bool, kind: str) -> None:
    name = f"t.{kind}"
    written = terminal.run("template", *(["--full"] if full else []), "--format", kind, "-o", name)
    assert (written.returncode, written.stdout) == (0, f"The template is in {name}.\n")
    checked = terminal.run("check", name, "--json")
    assert checked.returncode == 0
    found = json.loads(checked.stdout)
    assert list(found) == CONTRACT
    assert (found["file"], found["rows"], found["credits"], found["valid"]) == (name, 2, 0, True)
    assert [list(problem) for problem in found["problems"]] == [PROBLEM] * len(found["problems"])


def test_a_template_without_a_file_goes_to_a_pipe_as_it_is(terminal: Terminal) -> None:
    made = subprocess.run(
        [*COMMAND, "template", "--format", "csv"], env=terminal.environment, capture_output=True
    )
    assert examine(made.stdout, "t.csv").table.headers[0] == "prompt"


def test_a_template_at_a_terminal_gets_a_file_and_takes_no_other_ones_place(terminal: Terminal) -> None:
    ours, theirs = pty.openpty()
    command = [*COMMAND, "template"]
    first = subprocess.run(command, cwd=terminal.folder, env=terminal.environment, stdout=theirs)
    assert first.returncode == 0
    assert (terminal.folder / "promptsheet-template.xlsx").read_bytes()[:2] == b"PK"
    again = subprocess.run(
        command, cwd=terminal.folder, env=terminal.environment, stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(ours)
    os.close(theirs)
    assert (again.returncode, b"here already" in again.stderr) == (1, True)


def test_a_file_that_cannot_be_written_ends_in_a_sentence(terminal: Terminal) -> None:
    done = terminal.run("template", "-o", "nowhere/t.xlsx")
    assert done.returncode == 1
    assert done.stderr == (
        "nowhere/t.xlsx cannot be written: no such file or directory. Choose another place with room.\n"
    )


def test_a_sheet_with_problems_is_status_1_and_says_where(terminal: Terminal) -> None:
    (terminal.folder / "bad.csv").write_text(
        "prompt,visibility,aspect_ratio\na fox,pulic,1:1\n,private,2:7\n"
    )
    done = terminal.run("check", "bad.csv")
    assert done.returncode == 1
    assert "3 errors" in done.stdout
    assert "Did you mean public?" in done.stdout
    assert "bad.csv: 2 rows, 8 images, 0 credits at proof; 3 problems to mend first." in done.stdout


def test_repairs_are_folded_by_kind(terminal: Terminal) -> None:
    sheet = terminal.sheet(30, aspect_ratio="02:03:00")
    done = terminal.run("check", sheet.name)
    assert done.returncode == 0
    assert "30 repairs" in done.stdout
    assert done.stdout.count("became") == 1


@pytest.mark.parametrize("name", ["missing.csv", ".", "empty.csv", "picture.png"])
def test_an_unreadable_file_is_status_2_and_a_sentence(terminal: Terminal, name: str) -> None:
    (terminal.folder / "empty.csv").touch()
    (terminal.folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    done = terminal.run("check", name, "--json")
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert list(found) == CONTRACT
    assert [problem["code"] for problem in found["problems"]] == ["unreadable"]
    assert done.stderr.strip() == found["problems"][0]["message"]
    assert "Traceback" not in done.stderr


def test_a_file_over_the_limit_is_not_read(terminal: Terminal) -> None:
    with (terminal.folder / "big.csv").open("wb") as file:
        file.truncate(20 << 30)
    done = terminal.run("check", "big.csv")
    assert (done.returncode, "big.csv is" in done.stderr, "10 MB" in done.stderr) == (2, True, True)


@pytest.mark.parametrize(
    ("name", "output"),
    [("bad.csv", None), ("bad.csv", "good.xlsx"), ("bad.xlsx", None)],
)
def test_fix_writes_the_repaired_sheet(terminal: Terminal, name: str, output: str | None) -> None:
    source = terminal.folder / name
    cells = "Prompt,visibility,aspect_ratio,Notes\na fox,Private,02:03:00,for Ann\n"
    source.write_text(cells)  # what a file is called does not tell what it is
    done = terminal.run("check", name, "--fix", *(["-o", output] if output else []))
    target = terminal.folder / (output or f"bad-repaired{source.suffix}")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"The repaired sheet is in {target.name}.")
    assert source.read_text() == cells
    found = examine(target.read_bytes(), target.name)
    assert found.cells[0] == {
        "prompt": "a fox",
        "visibility": "private",
        "aspect_ratio": "2:3",
        "Notes": "for Ann",
    }
    assert found.repairs == ()


def test_limits_come_from_the_settings(terminal: Terminal) -> None:
    done = terminal.run("check", terminal.sheet(5).name, PROMPTSHEET_MAX_ROWS="3")
    assert (done.returncode, "3 are the most" in done.stdout) == (1, True)


def test_a_setting_that_cannot_be_read_is_a_sentence(terminal: Terminal) -> None:
    done = terminal.run("check", terminal.sheet(1).name, PROMPTSHEET_MAX_ROWS="many")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "PROMPTSHEET_MAX_ROWS is “many”; it takes a whole number from 2 to 100000.\n"


def test_a_reader_that_goes_away_is_no_fault(terminal: Terminal, tmp_path: Path) -> None:
    sheet = terminal.sheet(400, aspect_ratio="no")
    command = f'"{COMMAND[0]}" -m assistant.cli check "{sheet}" --json | head -c 10'
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=terminal.environment, capture_output=True, encoding="utf-8"
    )
    assert (len(done.stdout), done.stderr) == (10, "")
