"""`up`, `web`, `worker`: one stack a folder, loopback only, a sentence where it cannot be, a clean end."""

from __future__ import annotations

import re
import socket
from urllib.request import urlopen

import psutil
import pytest

from tests.cli.terminal import Process, Terminal
from tests.cli.test_run import ours
from tests.waiting import until

READY = re.compile(r"^Promptsheet is ready at (http://127\.0\.0\.1:\d+)  \(Ctrl-C ends it\)$", re.MULTILINE)


@pytest.fixture
def up(terminal: Terminal) -> Process:
    process = terminal.start("up")
    process.says("is ready at")
    return process


def url(process: Process) -> str:
    found = READY.search(process.said)
    assert found, process.said
    return found[1]


def test_up_answers_when_it_says_so_and_ends_cleanly(terminal: Terminal, up: Process) -> None:
    with urlopen(url(up) + "/readyz") as answer:
        assert answer.status == 200
    up.interrupt()
    assert up.ends() == 0
    assert up.said.endswith("Finishing the rows on their way; Ctrl-C again ends at once.\n")
    assert "Traceback" not in up.said
    assert ours(terminal) == []


def test_a_part_that_dies_is_started_again(terminal: Terminal, up: Process) -> None:
    for part in map(psutil.Process, ours(terminal)):
        if "assistant.serve" in part.cmdline():
            part.kill()
            part.wait(5)

    def answers() -> bool:
        try:
            with urlopen(url(up) + "/healthz") as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    until(answers)


def test_a_folder_has_one_stack(terminal: Terminal, up: Process) -> None:
    second = terminal.run("up")
    assert second.returncode == 1
    assert second.stderr == (
        f"Promptsheet already runs on this data folder, {url(up)}. "
        "Use that one, or set PROMPTSHEET_DATA to another folder.\n"
    )


def test_run_uses_the_stack_that_is_up(terminal: Terminal, up: Process) -> None:
    before = ours(terminal)
    done = terminal.run("run", terminal.sheet(3).name, "--out", "out")
    assert (done.returncode, len(list((terminal.folder / "out").glob("*.png")))) == (0, 3)
    assert set(before) <= set(ours(terminal))
    assert up.running


def test_run_takes_over_where_up_ends(terminal: Terminal, up: Process) -> None:
    out = terminal.folder / "out"
    running = terminal.start("run", str(terminal.sheet(20, num_images="4")), "--out", str(out))
    until(lambda: list(out.glob("*.png")))
    up.interrupt()
    assert up.ends() == 0
    assert running.ends(40) == 0
    assert len(list(out.glob("*.png"))) == 80


def test_a_taken_port_is_a_sentence(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = terminal.run("up", PROMPTSHEET_PORT=port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is taken by another program.")
    assert ours(terminal) == []


@pytest.mark.parametrize("command", ["up", "web"])
def test_other_computers_are_not_let_in_without_a_login(terminal: Terminal, command: str) -> None:
    settings = {"PROMPTSHEET_HOST": "0.0.0.0", "REDIS_URL": "redis://127.0.0.1:1"}
    done = terminal.run(command, **settings)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Promptsheet has no login yet, so it listens on this computer only")


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_alone_needs_a_redis(terminal: Terminal, command: str) -> None:
    done = terminal.run(command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"`promptsheet {command}` alone needs a Redis: set REDIS_URL")


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_alone_uses_the_redis_of_up_and_ends_with_status_0(
    terminal: Terminal, up: Process, command: str
) -> None:
    part = terminal.start(command)
    part.says("(Ctrl-C ends it)")
    if command == "web":
        with urlopen(url(part) + "/readyz") as answer:
            assert answer.status == 200
    part.interrupt()
    assert part.ends() == 0
    assert "Traceback" not in part.said


def test_a_data_folder_that_cannot_be_is_a_sentence(terminal: Terminal) -> None:
    (terminal.folder / "file").touch()
    done = terminal.run("up", PROMPTSHEET_DATA=str(terminal.folder / "file"))
    assert done.returncode == 1
    assert done.stderr.startswith("PROMPTSHEET_DATA: ")
    assert "Choose another folder." in done.stderr
