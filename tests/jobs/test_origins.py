"""Where cells came from: read from the log, given back by an undo, locked where a person wrote."""

from __future__ import annotations

import pytest

from jobs import mend, steps
from jobs.intake import MACHINE, take_in
from jobs.merge import Wish, take
from jobs.origins import locked, origins
from jobs.services import LOCAL, Services
from jobs.sheet import look
from jobs.store import edits as log
from jobs.store import sheets
from jobs.store.edits import Edit

SHEET = b"prompt,visibility,model\na fox,Private,2\na bear,private,3.0\n"


@pytest.fixture
def sheet_id(services: Services) -> str:
    return take_in(services, LOCAL, SHEET, "stickers.csv")


def rows(services: Services, sheet_id: str) -> list[str]:
    return [row.id for row in look(services, LOCAL, sheet_id).rows]


def words(services: Services, sheet_id: str, place: int = 0) -> dict[str, str]:
    row_id = rows(services, sheet_id)[place]
    with services.database.read() as connection:
        found = origins(connection, LOCAL, sheet_id)
    return {column: origin.word for (row, column), origin in found.items() if row == row_id}


def locks(services: Services, sheet_id: str) -> set[str]:
    with services.database.read() as connection:
        return {column for _, column in locked(connection, LOCAL, sheet_id)}


def written_by(services: Services, sheet_id: str, origin: str, text: str, place: int = 0) -> int:
    """A prompt written by something that is no person."""
    row = look(services, LOCAL, sheet_id).rows[place]
    with services.database.write() as connection:
        sheet = sheets.get(connection, LOCAL, sheet_id)
        made = [Edit(row.id, "prompt", row.cells.get("prompt"), text)]
        return log.append(connection, sheet, made, actor=MACHINE, origin=origin, at=1.0)


def write(services: Services, sheet_id: str, before: str, text: str, origin: str = "edit") -> None:
    row_id = rows(services, sheet_id)[0]
    taken = take(services, LOCAL, sheet_id, [Wish("set", row_id, "prompt", before, text)], origin)
    assert taken.group
    assert not taken.clashes


def test_cells_of_a_file_are_the_files_and_repaired_ones_say_so(services: Services, sheet_id: str) -> None:
    assert words(services, sheet_id) == {"prompt": "file", "visibility": "repaired", "model": "repaired"}
    assert locks(services, sheet_id) == set()


def test_repairs_taken_back_are_the_files_again(services: Services, sheet_id: str) -> None:
    mend.undo_repairs(services, LOCAL, sheet_id)
    assert set(words(services, sheet_id).values()) == {"file"}
    mend.repair_all(services, LOCAL, sheet_id)
    assert words(services, sheet_id)["model"] == "repaired"


@pytest.mark.parametrize(("origin", "word"), [("edit", "you"), ("paste", "pasted"), ("fill", "you")])
def test_what_a_person_wrote_is_locked_until_it_is_released(
    services: Services, sheet_id: str, origin: str, word: str
) -> None:
    write(services, sheet_id, "a fox", "a vixen", origin)
    assert words(services, sheet_id)["prompt"] == word
    assert locks(services, sheet_id) == {"prompt"}
    take(services, LOCAL, sheet_id, [Wish("release", rows(services, sheet_id)[0], "prompt")], "release")
    assert words(services, sheet_id)["prompt"] == word
    assert locks(services, sheet_id) == set()
    steps.undo(services, LOCAL, sheet_id)
    assert locks(services, sheet_id) == {"prompt"}


def test_an_undone_edit_gives_the_cell_back_to_the_model(services: Services, sheet_id: str) -> None:
    written_by(services, sheet_id, "model", "a red fox")
    write(services, sheet_id, "a red fox", "a vixen")
    steps.undo(services, LOCAL, sheet_id)
    assert words(services, sheet_id)["prompt"] == "model"
    assert locks(services, sheet_id) == set()
    steps.redo(services, LOCAL, sheet_id)
    assert words(services, sheet_id)["prompt"] == "you"
    assert locks(services, sheet_id) == {"prompt"}


def test_an_accepted_change_is_the_models_and_open_to_the_next(services: Services, sheet_id: str) -> None:
    write(services, sheet_id, "a fox", "a vixen")
    written_by(services, sheet_id, "change", "a dusky vixen")
    assert words(services, sheet_id)["prompt"] == "model"
    assert locks(services, sheet_id) == set()


def test_rows_that_were_deleted_and_brought_back_keep_where_they_came_from(
    services: Services, sheet_id: str
) -> None:
    write(services, sheet_id, "a fox", "a vixen")
    before = words(services, sheet_id)
    take(services, LOCAL, sheet_id, [Wish("delete", rows(services, sheet_id)[0])], "delete")
    steps.undo(services, LOCAL, sheet_id)
    assert words(services, sheet_id) == before
    assert locks(services, sheet_id) == {"prompt"}


def test_origins_of_some_rows_are_those_of_all(services: Services, sheet_id: str) -> None:
    second = rows(services, sheet_id)[1]
    with services.database.read() as connection:
        every = origins(connection, LOCAL, sheet_id)
        some = origins(connection, LOCAL, sheet_id, [second])
    assert some == {place: origin for place, origin in every.items() if place[0] == second}


def test_the_logs_of_others_are_not_read(services: Services, sheet_id: str) -> None:
    with services.database.read() as connection:
        assert not origins(connection, "hers", sheet_id)
