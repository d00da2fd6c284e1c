"""`run`: a sheet becomes a folder of images, whatever happens on the way."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from jobs.services import LOCAL, Services, open_services
from jobs.settings import Settings
from jobs.store import batches, sheets
from tests.cli.terminal import Terminal
from tests.fakes.images_server import ImagesServer
from tests.waiting import until


@pytest.fixture
def out(terminal: Terminal) -> Path:
    return terminal.folder / "out"


@pytest.fixture
def server() -> Iterator[ImagesServer]:
    with ImagesServer() as running:
        yield running


def manifest(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / "manifest.csv").read_text(encoding="utf-8-sig"))))


def pictures(out: Path) -> list[str]:
    return sorted(path.name for path in out.glob("*.png"))


def opened(terminal: Terminal) -> Services:
    return open_services(Settings.read({"PROMPTSHEET_DATA": str(terminal.data)}))


def kept(terminal: Terminal) -> tuple[int, int]:
    """How many sheets and batches the data folder holds."""
    services = opened(terminal)
    with services.database.read() as connection:
        found = len(sheets.listing(connection, LOCAL)), batches.count(connection, LOCAL)
    services.close()
    return found


def ours(terminal: Terminal) -> list[int]:
    """Processes that work on the data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PROMPTSHEET_DATA") == str(terminal.data):
                found.append(process.pid)
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return found


def test_from_template_to_images(terminal: Terminal, out: Path) -> None:
    assert terminal.run("template", "--full", "--format", "xlsx", "-o", "t.xlsx").returncode == 0
    assert terminal.run("check", "t.xlsx", "--json").returncode == 0
    done = terminal.run("run", "t.xlsx", "--out", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("2 of 2 rows done, 6 images in out.\n")
    lines = manifest(out)
    assert sorted(line["file"] for line in lines) == pictures(out)
    for line in lines:
        with Image.open(out / line["file"]) as image:
            assert image.size == (int(line["width"]), int(line["height"]))
    assert (out / "sheet.xlsx").read_bytes()[:2] == b"PK"
    assert ours(terminal) == []


def test_a_sheet_with_problems_runs_nothing_and_is_not_kept(terminal: Terminal, out: Path) -> None:
    done = terminal.run("run", terminal.sheet(2, visibility="pulic").name, "--out", "out")
    assert done.returncode == 1
    assert done.stdout.count("Did you mean public?") == 2
    assert not out.exists()
    assert not terminal.data.exists()


def test_a_returned_sheet_is_run_again_without_making_what_is_finished(terminal: Terminal, out: Path) -> None:
    terminal.sheet(2)
    assert terminal.run("run", "sheet.csv", "--out", "out").returncode == 0
    again = terminal.run("run", "out/sheet.xlsx", "--out", "again", "--reuse")
    assert again.returncode == 0, again.stdout
    assert "2 rows finished before as they are now, taken over for 0 credits." in again.stdout
    assert [line["status"] for line in manifest(terminal.folder / "again")] == ["reused"] * 2
    assert pictures(terminal.folder / "again") == pictures(out)


def test_a_folder_belongs_to_one_batch(terminal: Terminal, out: Path) -> None:
    name = terminal.sheet(1).name
    assert terminal.run("run", name, "--out", "out", "--resume").returncode == 1
    assert terminal.run("run", name, "--out", "out").returncode == 0
    again = terminal.run("run", name, "--out", "out")
    assert again.returncode == 1
    assert again.stderr == "out holds a batch already. Go on with --resume, or choose another folder.\n"
    assert kept(terminal) == (1, 1)


def test_a_trial_runs_some_rows_and_resume_the_others(terminal: Terminal, out: Path) -> None:
    name = terminal.sheet(9).name
    trial = terminal.run("run", name, "--out", "out", "--trial", "3")
    assert trial.returncode == 0
    assert "promptsheet run sheet.csv --out out --resume" in trial.stdout
    assert [picture[:4] for picture in pictures(out)] == ["0002", "0006", "0010"]
    assert terminal.run("run", name, "--out", "out", "--resume").returncode == 0
    assert len(pictures(out)) == 9


def test_resume_writes_again_what_is_missing(terminal: Terminal, out: Path) -> None:
    name = terminal.sheet(2).name
    terminal.run("run", name, "--out", "out")
    gone = out / pictures(out)[0]
    data = gone.read_bytes()
    gone.unlink()
    assert terminal.run("run", name, "--out", "out", "--resume").returncode == 0
    assert gone.read_bytes() == data


def test_resume_says_that_the_sheet_has_changed_and_keeps_the_batch(terminal: Terminal, out: Path) -> None:
    name = terminal.sheet(1).name
    terminal.run("run", name, "--out", "out")
    terminal.sheet(3)
    done = terminal.run("run", name, "--out", "out", "--resume")
    assert (done.returncode, len(pictures(out))) == (0, 1)
    assert "sheet.csv has changed since" in done.stdout
    (terminal.folder / name).unlink()
    done = terminal.run("run", name, "--out", "out", "--resume")
    assert (done.returncode, "goes on with the rows it was started with" in done.stdout) == (0, True)


def test_what_a_batch_is_started_with_is_not_changed_by_resume(terminal: Terminal) -> None:
    done = terminal.run("run", "sheet.csv", "--out", "out", "--resume", "--trial", "5")
    assert (done.returncode, "leave them away" in done.stderr) == (2, True)


def test_an_order_that_cannot_be_given_leaves_the_folder_free(terminal: Terminal) -> None:
    order = ("run", terminal.sheet(3).name, "--out", "out")
    for options, words in [
        (["--backend", "nobody"], "There is no image back end “nobody”"),
        (["--backend", "openai"], "PROMPTSHEET_IMAGES_API_KEY"),
        (["--trial", "7"], "A trial takes 1 to 3 rows"),
        (["--budget", "much"], "“much” is no number of credits"),
    ]:
        done = terminal.run(*order, *options)
        assert (done.returncode, words in done.stderr) == (1, True), options
    assert terminal.run(*order).returncode == 0


def test_too_few_credits_are_told_before_anything_is_spent(terminal: Terminal, server: ImagesServer) -> None:
    settings = {**server.environment(), "PROMPTSHEET_CREDITS": "10"}
    done = terminal.run("run", terminal.sheet(3).name, "--out", "out", "--backend", "openai", **settings)
    assert (done.returncode, done.stderr.startswith("2 credits too few")) == (1, True)
    assert server.counts().calls == 0


def test_rows_that_were_not_made_are_named_and_resume_tries_them_again(
    terminal: Terminal, out: Path, server: ImagesServer
) -> None:
    server.behave(faults={"number 1": "policy"})
    order = ("run", terminal.sheet(3).name, "--out", "out")
    settings = server.environment()
    done = terminal.run(*order, "--backend", "openai", **settings)
    assert done.returncode == 3
    assert "Row 3 refused:" in done.stdout
    assert [line["status"] for line in manifest(out)] == ["done", "refused", "done"]
    server.behave(faults={})
    done = terminal.run(*order, "--resume", **settings)
    assert (done.returncode, len(pictures(out))) == (0, 3)
    assert done.stdout.endswith("3 of 3 rows done, 3 images in out, 12 credits.\n")


def test_a_budget_pauses_and_says_so_and_resume_can_raise_it(
    terminal: Terminal, server: ImagesServer
) -> None:
    order = ("run", terminal.sheet(5).name, "--out", "out")
    done = terminal.run(*order, "--backend", "openai", "--budget", "8", **server.environment())
    assert done.returncode == 3
    assert "3 rows not run yet. Your cap of 8 credits is reached." in done.stdout
    assert server.counts().billed == 2
    assert terminal.run(*order, "--resume", "--budget", "20", **server.environment()).returncode == 0
    assert server.counts().billed == 5


def test_ctrl_c_finishes_what_is_on_its_way_and_resume_does_the_rest(
    terminal: Terminal, out: Path, server: ImagesServer
) -> None:
    server.behave(latency=0.3)
    order = ("run", str(terminal.sheet(40)), "--out", str(out))
    running = terminal.start(*order, "--backend", "openai", **server.environment())
    until(lambda: pictures(out))
    running.interrupt()
    assert running.ends() == 3
    assert "Stopping: the rows on their way are finished and kept." in running.said
    assert f"Go on with: promptsheet {' '.join(order)} --resume" in running.said
    billed = server.counts().billed
    assert billed == len(pictures(out)) < 40
    server.behave(latency=0)
    assert terminal.run(*order, "--resume", **server.environment()).returncode == 0
    assert (server.counts().billed, len(pictures(out))) == (40, 40)


def test_a_second_ctrl_c_does_not_wait(terminal: Terminal, out: Path, server: ImagesServer) -> None:
    server.behave(latency=60)
    order = ("run", str(terminal.sheet(3)), "--out", str(out))
    running = terminal.start(*order, "--backend", "openai", **server.environment())
    until(lambda: server.counts().in_flight_calls == 3)
    running.interrupt()
    running.says("Stopping")
    running.interrupt()
    assert running.ends(10) == 3
    assert ours(terminal) == []


def test_a_killed_run_is_resumed_and_no_image_is_made_twice(
    terminal: Terminal, out: Path, server: ImagesServer
) -> None:
    server.behave(latency=0.2)
    order = ("run", str(terminal.sheet(30)), "--out", str(out))
    running = terminal.start(*order, "--backend", "openai", **server.environment())
    until(lambda: pictures(out))
    running.kill()
    assert not (out / "manifest.csv").exists()
    done = terminal.run(*order, "--resume", **server.environment())
    assert done.returncode == 0, done.stdout
    assert set(server.counts().billed_by_prompt.values()) == {1}
    assert len(pictures(out)) == len(manifest(out)) == 30
    assert kept(terminal) == (1, 1)


def test_a_run_that_died_before_it_knew_its_batch_orders_no_second_one(terminal: Terminal, out: Path) -> None:
    name = terminal.sheet(2).name
    terminal.run("run", name, "--out", "out")
    memory = out / ".promptsheet.json"
    memory.write_text(json.dumps({**json.loads(memory.read_text()), "batch": None}))
    assert terminal.run("run", name, "--out", "out", "--resume").returncode == 0
    assert kept(terminal) == (1, 1)


def test_a_folder_whose_batch_is_elsewhere_is_told(terminal: Terminal) -> None:
    name = terminal.sheet(1).name
    terminal.run("run", name, "--out", "out")
    elsewhere = str(terminal.folder / "elsewhere")
    done = terminal.run("run", name, "--out", "out", "--resume", PROMPTSHEET_DATA=elsewhere)
    assert (done.returncode, "Set PROMPTSHEET_DATA as it was" in done.stderr) == (1, True)
