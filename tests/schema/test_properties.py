"""Whatever comes in: a table or a sentence, repairs that end, and no fault in what is right."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schema.check import Row, check
from schema.columns import Column, Value, load
from schema.errors import Unreadable
from schema.excel import ERRORS
from schema.repair import repair_cell
from schema.sheet import examine
from schema.values import blank, validator, value_of
from schema.writer import template, write

COLUMNS = load()
TEMPLATES = [template(True, "xlsx", max_rows=5), template(True, "csv")]

often = settings(database=None, deadline=None, max_examples=300)
seldom = settings(
    database=None,
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

columns = st.sampled_from(COLUMNS.all)
cell_like = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"\s?[“'#]?[0-9]{1,6}([:.,/-][0-9]{1,2}){0,2}\s?(AM|PM)?", fullmatch=True),
    st.from_regex(r"(#?[0-9A-Fa-f]{3,6}[ ,;]{1,2}){1,7}", fullmatch=True),
    columns.flatmap(lambda column: st.sampled_from(column.choices or ("x",))).map(str.upper),
)


def _fine(text: str) -> bool:
    return not blank(text) and text == text.strip()


def _valid(column: Column) -> st.SearchStrategy[str]:
    if column.editor == "palette":
        color = st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True)
        return st.one_of(
            st.sampled_from(column.choices), st.lists(color, min_size=1, max_size=5).map(" ".join)
        )
    if column.whole_number:
        return st.integers(column.minimum, column.maximum).map(str)
    if column.choices:
        return st.sampled_from(column.choices)
    letters = st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd\ufeff\ufffe\uffff"
    )
    return st.text(letters, min_size=1, max_size=60).filter(_fine)


good_cells = st.fixed_dictionaries(
    {column.name: _valid(column) for column in COLUMNS.all if column.required},
    optional={column.name: _valid(column) for column in COLUMNS.all if not column.required},
)


def _ends_well(data: bytes) -> bool:
    """A table whose rows are as wide as its header, or a sentence; any other exception comes through."""
    try:
        found = examine(data, "a.csv")
    except Unreadable as refused:
        return str(refused).endswith(".") and bool(refused.steps)
    return all(len(row.cells) == len(found.table.headers) for row in found.table.rows)


@often
@given(st.binary(max_size=400))
@example(b"sep=,")
@example(b"\xff\xfe")
@example(b"PK\x03\x04")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
def test_any_bytes_are_a_table_or_a_sentence(data: bytes) -> None:
    assert _ends_well(data)


@often
@given(
    st.text(alphabet="prompt,visibility\"';\t|\r\n \0é=#", max_size=200),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_text_is_a_table_or_a_sentence(text: str, encoding: str) -> None:
    assert _ends_well(text.encode(encoding, "ignore"))


@seldom
@given(st.sampled_from(TEMPLATES), st.randoms(use_true_random=False))
def test_a_sheet_with_broken_bytes_is_a_table_or_a_sentence(data: bytes, chance: random.Random) -> None:
    broken = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    whole = len(broken) if chance.random() < 0.8 else chance.randint(1, len(broken))
    assert _ends_well(bytes(broken[:whole]))


@often
@given(columns, st.one_of(cell_like, st.integers().map(str)))
def test_a_cell_s_value_is_what_the_schema_says_and_nothing_else(column: Column, text: str) -> None:
    value = value_of(column, text)
    if value is not None:
        assert validator(column.spec).is_valid(value)
    elif column.whole_number and text.lstrip("-").isdecimal() and text.isascii() and len(text) < 18:
        assert not validator(column.spec).is_valid(int(text))
    elif not column.whole_number and text not in ERRORS:
        assert not validator(column.spec).is_valid(text)


@often
@given(columns, cell_like)
def test_a_repair_passes_the_check_and_needs_no_second(column: Column, text: str) -> None:
    repair = repair_cell(column, text)
    if repair:
        assert repair.after != text
        assert value_of(column, repair.after) is not None
        assert repair_cell(column, repair.after) is None


@often
@given(st.dictionaries(st.sampled_from(COLUMNS.names), cell_like))
def test_any_cells_are_checked_without_a_fault_of_ours(cells: dict[str, str]) -> None:
    report = check([Row(2, cells)], COLUMNS, headings=COLUMNS.names, max_rows=500)
    for problem in report.problems:
        assert problem.message.endswith((".", "?"))
        assert problem.column not in report.values[0] or problem.code == "not-for-this-model"


@often
@given(st.dictionaries(st.sampled_from(COLUMNS.names), cell_like, min_size=1))
def test_the_first_offer_mends_its_cell(cells: dict[str, str]) -> None:
    report = check([Row(2, cells)], COLUMNS, headings=COLUMNS.names, max_rows=500)
    for problem in report.problems:
        if problem.column and problem.fix and problem.code != "not-for-this-model":
            assert value_of(COLUMNS[problem.column], problem.fix) is not None


@often
@given(good_cells)
def test_a_row_of_allowed_values_has_only_faults_between_columns(cells: dict[str, str]) -> None:
    report = check([Row(2, cells)], COLUMNS, headings=COLUMNS.names, max_rows=500)
    assert {problem.code for problem in report.problems} <= {"not-for-this-model"}
    expected: dict[str, Value] = {
        name: int(text) if COLUMNS[name].whole_number else text for name, text in cells.items()
    }
    assert report.values == (expected,)


@seldom
@given(st.lists(good_cells, min_size=1, max_size=5), st.sampled_from(["csv", "xlsx"]))
def test_good_rows_survive_a_file(rows: list[dict[str, str]], format: str) -> None:  # noqa: A002
    data = write(COLUMNS.names, [[row.get(name, "") for name in COLUMNS.names] for row in rows], format)  # type: ignore[arg-type]
    found = examine(data, "a")
    assert [{name: text for name, text in cells.items() if text} for cells in found.cells] == rows
    assert found.repairs == ()
