"""The list of batches, and what is taken home of one."""

from __future__ import annotations

import gc
import io
import re
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from jobs.batch import RowState
from jobs.services import Services
from tests.jobs import making
from tests.web import rows
from tests.web.conftest import Person


def names(page: str) -> list[str]:
    return re.findall(r'class="name" href="[^"]+">([^<]+)<', page)


def test_no_batch_yet_is_said_and_leads_on(person: Person) -> None:
    page = person.page("/batches")
    assert "No batch yet" in page
    assert 'href="/"' in page


def test_the_list_is_newest_first_and_older_ones_are_a_link_away(person: Person, services: Services) -> None:
    for number in range(25):
        rows.batch(services, 1, name=f"Batch {number}")
    page = person.page("/batches")
    assert names(page) == [f"Batch {number}" for number in range(24, 4, -1)]
    assert "25 in all" in page
    older = re.search(r'href="(/batches\?before=[^"]+)"', page)
    assert older
    assert names(person.page(older[1])) == [f"Batch {number}" for number in range(4, -1, -1)]


def test_a_line_says_where_its_batch_stands(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 4, each=2, name="Mixed")
    rows.end(services, batch_id, (2, 3))
    rows.end(services, batch_id, (4,), RowState.FAILED)
    line = re.sub(r"<[^>]+>", "", person.page("/batches"))
    assert "2 of 4 rows · 1 needs you" in line
    rows.end(services, batch_id, (5,))
    line = re.sub(r"<[^>]+>", "", person.page("/batches"))
    assert "3 of 4 rows done · 1 needs you · 6 images · 0 credits" in line


def test_the_list_asks_after_live_batches_only_and_hears_of_new_ones(
    person: Person, services: Services
) -> None:
    still = rows.batch(services, 1, name="Still")
    rows.end(services, still, (2,))
    assert "every 2s" not in person.page("/batches")
    live = rows.batch(services, 2, name="Live")
    page = person.page("/batches")
    pulse = re.search(r'id="list-pulse" hidden hx-get="([^"]+)" hx-trigger="every 2s, look from:body"', page)
    assert pulse
    assert live in pulse[1]
    assert still not in pulse[1]
    rows.end(services, live, (2,))
    rows.batch(services, 1, name="Elsewhere")
    lines = person.page(pulse[1].replace("&amp;", "&"))
    assert names(lines) == ["Elsewhere"]
    assert 'hx-swap-oob="afterbegin:#batches"' in lines
    assert f'id="progress-{live}" hx-swap-oob="true"' in lines
    assert still not in lines


def test_the_list_makes_the_same_number_of_queries_however_long_it_is(
    person: Person, services: Services, queries: list[str]
) -> None:
    def running() -> None:
        rows.end(services, rows.batch(services, 2), (2,))

    running()
    person.page("/batches")
    queries.clear()
    person.page("/batches")
    few = len(queries)
    for _ in range(12):
        running()
    queries.clear()
    person.page("/batches")
    assert len(queries) == few


def test_the_zip_says_its_length_and_holds_all_that_there_is_so_far(
    person: Person, services: Services
) -> None:
    batch_id = rows.batch(services, 3, each=2, name="Füchse / 狐 «rot»")
    rows.end(services, batch_id, (2, 4))
    answer = person.get(f"/batches/{batch_id}/zip")
    assert answer.mimetype == "application/zip"
    assert answer.content_length == len(answer.data)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "F%C3%BCchse" in disposition
    assert not set("/\\\r\n") & set(disposition)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as taken:
        assert taken.testzip() is None
        inside = taken.namelist()
        assert inside[-2:] == ["manifest.csv", "sheet.xlsx"]
        assert [name[:6] for name in inside[:-2]] == ["0002_1", "0002_2", "0004_1", "0004_2"]
        manifest = taken.read("manifest.csv").decode("utf-8-sig").splitlines()
    assert len(manifest) == 1 + 4 + 1
    assert ",pending," in "".join(manifest)


def test_a_client_that_goes_away_leaves_no_file_open(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 30)
    made = rows.end(services, batch_id, range(2, 32))
    for image in made:
        services.files.path(image.key).write_bytes(bytes(1 << 18))
    folder = str(services.files.root)
    answer = person.client.get(f"/batches/{batch_id}/zip", buffered=False)
    parts = iter(answer.response)
    for _ in range(3):
        next(parts)

    def held() -> list[str]:
        handles = Path("/proc/self/fd").iterdir()
        return [name for handle in handles if (name := str(handle.resolve())).startswith(folder)]

    assert len(held()) == 1, "the ZIP reads one file after the other"
    gc.disable()  # closed because it is told to, not because somebody tidies up
    try:
        answer.close()
        assert held() == []
    finally:
        gc.enable()


def test_the_returned_sheet_says_what_became_of_each_row(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 3, name="Foxes")
    rows.end(services, batch_id, (2,), notes=["It has no palettes."])
    rows.end(services, batch_id, (3,), RowState.REFUSED, reason="Declined.")
    answer = person.get(f"/batches/{batch_id}/sheet?format=csv")
    assert answer.mimetype == "text/csv"
    assert "Foxes returned.csv" in answer.headers["Content-Disposition"]
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert [word for line in lines[1:] for word in ("done", "refused", "pending") if f",{word}," in line] == [
        "done",
        "refused",
        "pending",
    ]
    book = load_workbook(io.BytesIO(person.get(f"/batches/{batch_id}/sheet").data))
    assert book.worksheets[0].max_row == 4
    assert person.get(f"/batches/{batch_id}/sheet?format=doc").status_code == 404


def test_a_stopped_batch_still_gives_its_zip_from_the_list(person: Person, services: Services) -> None:
    batch_id = rows.batch(services, 2)
    rows.end(services, batch_id, (2,))
    person.send(f"/batches/{batch_id}/stop")
    assert making.state(services, batch_id)[0] == "stopped"
    assert f'href="/batches/{batch_id}/zip"' in person.page("/batches")
