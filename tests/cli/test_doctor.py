"""`doctor`: what is set, what answers, what to do about what does not; and no secret on the screen."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from assistant.checkup.finding import OK, PROBLEM, Finding
from assistant.commands.doctor import examine
from jobs.settings import ALL
from tests.cli.terminal import Terminal
from tests.fakes.a1111_server import A1111Server
from tests.fakes.ideogram_server import IdeogramServer
from tests.fakes.models_server import ModelsServer

KEY = "sk-not-to-be-seen"
NOBODY = "http://127.0.0.1:9"


def line(output: str, part: str) -> str:
    """What is said of a part."""
    found = [said for said in output.splitlines() if said.strip().startswith(part)]
    assert found, output
    return found[0]


def test_a_fresh_machine_is_well_and_what_is_not_set_is_no_problem(terminal: Terminal) -> None:
    done = terminal.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "problem" not in done.stdout
    assert " ok " in line(done.stdout, "Images: proof (default)")
    assert " not set " in line(done.stdout, "Images: openai")
    assert " not set " in line(done.stdout, "Language model")
    assert not terminal.data.exists()


def test_a_stack_that_is_up_is_seen(terminal: Terminal) -> None:
    terminal.start("up").says("is ready at")
    done = terminal.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "Promptsheet runs at http://127.0.0.1:" in line(done.stdout, "Port")
    assert "our own, running" in line(done.stdout, "Redis")
    assert "up to date" in line(done.stdout, "Database")


def test_endpoints_are_asked_for_their_models_and_keys_stay_secret(terminal: Terminal) -> None:
    with ModelsServer("gpt-image-2", "a-chat") as server:
        done = terminal.run(
            "doctor",
            OPENAI_BASE_URL=server.url,
            OPENAI_API_KEY=KEY,
            REDIS_URL=f"redis://me:{KEY}@127.0.0.1:9/0",
        )
        assert set(server.keys) == {f"Bearer {KEY}"}
    assert f"{server.url} answers with 2 models" in line(done.stdout, "Language model")
    assert "answers with 2 models" in line(done.stdout, "Images: openai")
    assert KEY not in done.stdout + done.stderr
    assert "redis://me:•••@127.0.0.1:9/0 does not answer" in line(done.stdout, "Redis")


def findings(monkeypatch: pytest.MonkeyPatch, terminal: Terminal, **settings: str) -> dict[str, Finding]:
    """What a look in this process finds, by part."""
    for setting in ALL:
        monkeypatch.delenv(setting.name, raising=False)
    for name, value in {"PROMPTSHEET_DATA": str(terminal.data), "PROMPTSHEET_PORT": "0", **settings}.items():
        monkeypatch.setenv(name, value)
    return {finding.part: finding for finding in examine()}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 401}, "refuses the key (401)"),
        ({"status": 500}, "answers with an error (500)"),
        ({"body": "<html>"}, "not as an OpenAI-compatible endpoint"),
        ({"body": "[]"}, "not as an OpenAI-compatible endpoint"),
    ],
)
def test_an_endpoint_that_does_wrong_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, answer: dict[str, Any], words: str
) -> None:
    with ModelsServer(**answer) as server:
        found = findings(monkeypatch, terminal, OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY)
    assert found["Language model"].state == PROBLEM
    assert words in found["Language model"].words


@pytest.mark.parametrize(
    ("settings", "part", "words"),
    [
        ({"PROMPTSHEET_PORT": "many"}, "Settings", "PROMPTSHEET_PORT is “many”"),
        ({"PROMPTSHEET_MAXROWS": "9"}, "Settings", "PROMPTSHEET_MAX_ROWS is meant"),
        ({"PROMPTSHEET_BACKEND": "prof"}, "Images: default", "There is no back end “prof”"),
        ({"PROMPTSHEET_BACKEND": "openai"}, "Images: openai (default)", "PROMPTSHEET_IMAGES_API_KEY"),
        ({"OPENAI_BASE_URL": NOBODY}, "Language model", "does not answer"),
        ({"PROMPTSHEET_BACKEND": "ideogram"}, "Images: ideogram (default)", "Set IDEOGRAM_API_KEY"),
        ({"A1111_BASE_URL": NOBODY}, "Images: a1111", "does not answer"),
        ({"A1111_BASE_URL": "nowhere"}, "Images: a1111", "A1111_BASE_URL is no web address"),
        ({"DATABASE_URL": "oracle+nothing://x"}, "Database", "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "Database", "does not answer"),
        ({"STORAGE_URL": "ftp://x"}, "Storage", "STORAGE_URL"),
        ({"PROMPTSHEET_HOST": "0.0.0.0"}, "Port", "this computer only"),
        ({"REDIS_URL": "http://x"}, "Redis", "REDIS_URL"),
    ],
)
def test_what_is_wrong_is_named_with_its_setting(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, settings: dict[str, str], part: str, words: str
) -> None:
    found = findings(monkeypatch, terminal, **settings)[part]
    assert found.state == PROBLEM
    assert words in found.words


@pytest.mark.parametrize(
    ("account", "state", "words"), [("", OK, "answers"), ("me:secret", PROBLEM, "refuses the key (401)")]
)
def test_a_web_ui_is_asked_for_its_models(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, account: str, state: str, words: str
) -> None:
    with A1111Server(account=account) as server:
        found = findings(monkeypatch, terminal, A1111_BASE_URL=server.url)["Images: a1111"]
        assert server.counts().images == 0
    assert (found.state, words in found.words) == (state, True)


@pytest.mark.parametrize(
    ("key", "state", "words"),
    [("", OK, "answers and does not refuse the key"), ("wrong", PROBLEM, "refuses the key (401)")],
)
def test_ideogram_is_asked_for_something_that_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, terminal: Terminal, key: str, state: str, words: str
) -> None:
    with IdeogramServer() as server:
        given = server.environment() | ({"IDEOGRAM_API_KEY": key} if key else {})
        found = findings(monkeypatch, terminal, **given)["Images: ideogram"]
        assert (server.counts().calls, server.counts().questions) == (0, 1)
    assert (found.state, words in found.words) == (state, True)


def test_a_taken_port_is_a_problem(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = terminal.run("doctor", PROMPTSHEET_PORT=str(taken.getsockname()[1]))
    assert (done.returncode, done.stderr) == (1, "")
    assert "is taken by another program" in line(done.stdout, "Port")
