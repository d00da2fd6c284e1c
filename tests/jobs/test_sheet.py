"""A sheet taken in, looked at, mended and undone: every change through the log, nothing lost."""

from __future__ import annotations

import pytest

from jobs import mend
from jobs.errors import Conflict, Invalid, NotFound
from jobs.intake import replace_with, take_in
from jobs.mend import Change
from jobs.services import LOCAL, Services
from jobs.sheet import View, as_file, errors_of, look
from jobs.store import edits as log
from jobs.store import sheets as store
from schema.problems import Fix

MIXED = b"""prompt,visibility,aspect_ratio,model,Notes
a fox,Private,02:03:00,3,for Ann
,private,1:1,2.0,
a bear,pulic,9:16,3.0,later
"""


def taken(services: Services, data: bytes = MIXED, name: str = "stickers.csv") -> str:
    return take_in(services, LOCAL, data, name)


def cells(services: Services, sheet_id: str, column: str) -> list[str]:
    return [row.cells.get(column, "") for row in look(services, LOCAL, sheet_id).rows]


def codes(view: View, level: str) -> list[str]:
    return [problem.code for problem in view.problems if problem.level == level]


def origins(services: Services, sheet_id: str) -> list[str]:
    with services.database.read() as connection:
        return [group.origin for group in log.groups(connection, LOCAL, sheet_id)]


def test_an_upload_is_stored_as_read_and_its_repairs_are_a_change_of_their_own(services: Services) -> None:
    sheet_id = taken(services)
    assert origins(services, sheet_id) == ["upload", "repair"]
    assert cells(services, sheet_id, "aspect_ratio") == ["2:3", "1:1", "9:16"]
    view = look(services, LOCAL, sheet_id)
    assert [row.number for row in view.rows] == [2, 3, 4]
    assert view.sheet.name == "stickers"
    assert sorted(codes(view, "error")) == ["not-allowed", "required"]
    assert not view.ready
    kinds = {(kind.column, kind.before, kind.after) for kind in view.mended}
    assert kinds == {
        ("visibility", "Private", "private"),
        ("aspect_ratio", "02:03:00", "2:3"),
        ("model", "3", "3.0"),
    }
    assert all(kind.why for kind in view.mended)


def test_columns_we_do_not_know_are_kept_and_told_about(services: Services) -> None:
    sheet_id = taken(services)
    assert cells(services, sheet_id, "Notes") == ["for Ann", "", "later"]
    assert "unknown-column" in codes(look(services, LOCAL, sheet_id), "warning")


def test_undoing_all_repairs_gives_the_file_back_and_repairing_again_mends_it(services: Services) -> None:
    sheet_id = taken(services)
    mend.undo_repairs(services, LOCAL, sheet_id)
    assert cells(services, sheet_id, "model") == ["3", "2.0", "3.0"]
    view = look(services, LOCAL, sheet_id)
    assert not view.mended
    assert len(codes(view, "error")) == 5
    assert {(kind.column, kind.before, kind.after) for kind in view.repairable} == {
        ("visibility", "Private", "private"),
        ("aspect_ratio", "02:03:00", "2:3"),
        ("model", "3", "3.0"),
    }
    mend.repair_all(services, LOCAL, sheet_id)
    assert cells(services, sheet_id, "model") == ["3.0", "2.0", "3.0"]
    assert len(look(services, LOCAL, sheet_id).mended) == 3


def test_one_kind_of_repair_can_be_undone_alone(services: Services) -> None:
    sheet_id = taken(services)
    mend.undo_repairs(services, LOCAL, sheet_id, ("model", "3", "3.0"))
    assert cells(services, sheet_id, "model")[0] == "3"
    assert cells(services, sheet_id, "aspect_ratio")[0] == "2:3"


def test_every_fix_that_a_problem_offers_solves_it(services: Services) -> None:
    sheet_id = taken(services)
    while errors := [one for one in look(services, LOCAL, sheet_id).problems if one.level == "error"]:
        before = len(errors)
        mend.take_fix(services, LOCAL, sheet_id, [errors[0].row_id or ""], errors[0].fixes[0])
        assert look(services, LOCAL, sheet_id).errors < before
    assert look(services, LOCAL, sheet_id).ready


def test_a_missing_visibility_can_be_set_for_all_rows(services: Services) -> None:
    sheet_id = taken(services, b"prompt\na fox\na bear\n")
    (problem,) = [one for one in look(services, LOCAL, sheet_id).problems if one.level == "error"]
    mend.take_fix(services, LOCAL, sheet_id, [], problem.fixes[0])
    assert cells(services, sheet_id, "visibility") == ["private", "private"]
    assert look(services, LOCAL, sheet_id).ready


def test_cells_of_another_header_are_taken_for_the_prompt_and_given_back(services: Services) -> None:
    sheet_id = taken(services, b"Motiv,visibility\na fox,private\na bear,private\n")
    assert codes(look(services, LOCAL, sheet_id), "error") == ["missing-column"]
    group = mend.use_column(services, LOCAL, sheet_id, "prompt", "Motiv")
    view = look(services, LOCAL, sheet_id)
    assert view.ready
    assert [row.cells["prompt"] for row in view.rows] == ["a fox", "a bear"]
    assert "unknown-column" not in codes(view, "warning")
    mend.undo(services, LOCAL, sheet_id, group)
    assert codes(look(services, LOCAL, sheet_id), "error") == ["missing-column"]


@pytest.mark.parametrize(("key", "prompt"), [("prompt", "a fox"), ("Prompt", "a wolf")])
def test_of_two_columns_of_a_name_one_is_chosen(services: Services, key: str, prompt: str) -> None:
    sheet_id = taken(services, b"prompt,visibility,Prompt\na fox,private,a wolf\n")
    assert codes(look(services, LOCAL, sheet_id), "error") == ["duplicate-header"]
    group = mend.use_column(services, LOCAL, sheet_id, "prompt", key)
    assert look(services, LOCAL, sheet_id).ready
    assert cells(services, sheet_id, "prompt") == [prompt]
    mend.undo(services, LOCAL, sheet_id, group)
    assert codes(look(services, LOCAL, sheet_id), "error") == ["duplicate-header"]
    with pytest.raises(Invalid, match="nothing"):
        mend.use_column(services, LOCAL, sheet_id, "prompt", "nothing")


def test_a_deleted_row_comes_back_as_it_was_and_where_it_was(services: Services) -> None:
    sheet_id = taken(services)
    rows = look(services, LOCAL, sheet_id).rows
    group = mend.delete_rows(services, LOCAL, sheet_id, [rows[1].id])
    assert [row.id for row in look(services, LOCAL, sheet_id).rows] == [rows[0].id, rows[2].id]
    mend.undo(services, LOCAL, sheet_id, group)
    assert [row.id for row in look(services, LOCAL, sheet_id).rows] == [row.id for row in rows]


def test_an_undo_can_be_undone(services: Services) -> None:
    sheet_id = taken(services)
    row = look(services, LOCAL, sheet_id).rows[0]
    group = mend.set_cells(services, LOCAL, sheet_id, [Change(row.id, "prompt", "a wolf")])
    back = mend.undo(services, LOCAL, sheet_id, group)
    assert cells(services, sheet_id, "prompt")[0] == "a fox"
    mend.undo(services, LOCAL, sheet_id, back)
    assert cells(services, sheet_id, "prompt")[0] == "a wolf"


def test_an_undo_leaves_alone_what_was_changed_since(services: Services) -> None:
    sheet_id = taken(services)
    row = look(services, LOCAL, sheet_id).rows[0]
    group = mend.set_cells(services, LOCAL, sheet_id, [Change(row.id, "prompt", "a wolf")])
    mend.set_cells(services, LOCAL, sheet_id, [Change(row.id, "prompt", "an owl")])
    with pytest.raises(Conflict):
        mend.undo(services, LOCAL, sheet_id, group)
    assert cells(services, sheet_id, "prompt")[0] == "an owl"


def test_a_replaced_sheet_can_be_had_back(services: Services) -> None:
    sheet_id = taken(services)
    old = [row.id for row in look(services, LOCAL, sheet_id).rows]
    group = replace_with(services, LOCAL, sheet_id, b"prompt,visibility\nan owl,Public\n", "second.csv")
    assert cells(services, sheet_id, "visibility") == ["public"]
    back = mend.undo(services, LOCAL, sheet_id, group)
    view = look(services, LOCAL, sheet_id)
    assert [row.id for row in view.rows] == old
    assert view.sheet.source["file"] == "stickers.csv"
    assert "unknown-column" in codes(view, "warning")
    mend.undo(services, LOCAL, sheet_id, back)
    assert cells(services, sheet_id, "prompt") == ["an owl"]


def test_rows_beyond_the_limit_can_be_cut_and_had_back(services: Services) -> None:
    lines = b"".join(b"prompt %d,private\n" % number for number in range(510))
    sheet_id = taken(services, b"prompt,visibility\n" + lines)
    assert codes(look(services, LOCAL, sheet_id), "error") == ["too-many-rows"]
    group = mend.keep_first(services, LOCAL, sheet_id)
    view = look(services, LOCAL, sheet_id)
    assert len(view.rows) == 499
    assert view.ready
    mend.undo(services, LOCAL, sheet_id, group)
    assert len(look(services, LOCAL, sheet_id).rows) == 510


def test_row_numbers_are_places_on_screen_and_the_files_number_is_kept(services: Services) -> None:
    sheet_id = taken(services, b"\n\nprompt,visibility\n\na fox,private\n\na bear,private\n")
    assert [(row.number, row.file_row) for row in look(services, LOCAL, sheet_id).rows] == [(2, 5), (3, 7)]


@pytest.mark.parametrize(
    "change",
    [
        Change("nosuchrow", "prompt", "x"),
        Change("", "prompt", "x"),
    ],
)
def test_a_change_of_a_row_that_is_not_there_is_refused(services: Services, change: Change) -> None:
    sheet_id = taken(services)
    with pytest.raises(Invalid, match="row"):
        mend.set_cells(services, LOCAL, sheet_id, [change])


def test_a_change_of_a_column_that_is_not_there_is_refused(services: Services) -> None:
    sheet_id = taken(services)
    row = look(services, LOCAL, sheet_id).rows[0]
    with pytest.raises(Invalid, match="sytle"):
        mend.set_cells(services, LOCAL, sheet_id, [Change(row.id, "sytle", "anime")])
    with pytest.raises(Invalid, match="sytle"):
        mend.take_fix(services, LOCAL, sheet_id, [], Fix("", "set-all", "sytle", "anime"))


def test_another_owner_sees_and_changes_nothing(services: Services) -> None:
    sheet_id = taken(services)
    with pytest.raises(NotFound):
        look(services, "hers", sheet_id)
    with pytest.raises(NotFound):
        mend.repair_all(services, "hers", sheet_id)
    with services.database.read() as connection:
        assert store.listing(connection, "hers") == []


def test_a_sheet_goes_home_as_a_file_with_all_its_columns_and_comes_back_the_same(services: Services) -> None:
    sheet_id = taken(services, b'Prompt,Notes\na fox,for Ann\n"a ""bear""",\n')
    (missing,) = [one for one in look(services, LOCAL, sheet_id).problems if one.level == "error"]
    mend.take_fix(services, LOCAL, sheet_id, [], missing.fixes[0])
    view = look(services, LOCAL, sheet_id)
    written = as_file(view, "csv")
    assert written.decode("utf-8-sig").splitlines()[:2] == [
        "prompt,Notes,visibility",
        "a fox,for Ann,private",
    ]
    for data, name in ((written, "again.csv"), (as_file(view, "xlsx"), "again.xlsx")):
        again = look(services, LOCAL, taken(services, data, name))
        assert [row.cells for row in again.rows] == [row.cells for row in view.rows]


def test_the_count_of_problems_follows_every_change(services: Services) -> None:
    sheet_id = taken(services)

    def count() -> int:
        with services.database.read() as connection:
            return errors_of(services, store.get(connection, LOCAL, sheet_id))

    assert count() == 2
    rows = look(services, LOCAL, sheet_id).rows
    mend.delete_rows(services, LOCAL, sheet_id, [rows[1].id, rows[2].id])
    assert count() == 0


def test_a_deleted_sheet_is_gone_until_it_is_brought_back(services: Services) -> None:
    sheet_id = taken(services)
    with services.database.write() as connection:
        store.delete(connection, LOCAL, sheet_id, services.clock())
    with pytest.raises(NotFound):
        look(services, LOCAL, sheet_id)
    with services.database.write() as connection:
        store.delete(connection, LOCAL, sheet_id, None)
    assert look(services, LOCAL, sheet_id).rows
