"""Text files are read as spreadsheet programs read them, and what is guessed is said."""

from __future__ import annotations

import pytest

from schema.errors import Unreadable
from schema.reader import Table, read
from tests.schema.made import csv


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp1251"]
)
def test_a_common_encoding_is_read_right(encoding: str) -> None:
    text = "Привет, зимний лес и лиса" if encoding == "cp1251" else "“Schöne Grüße” – café…"
    if encoding == "mac_roman":
        text = "“quoted” – dash…"
    table = read(f'prompt,visibility\n"{text}",private\n'.encode(encoding), "a.csv")
    assert _cells(table) == [(text, "private")]


def test_a_guessed_encoding_is_told() -> None:
    table = read("prompt\nCafé am Fluß\n".encode("cp1252"), "a.csv")
    (said,) = table.problems
    assert (said.code, said.level, said.value) == ("bad-encoding", "warning", "cp1252")
    assert "guess" in said.message
    assert table.encoding == "cp1252"


def test_utf_8_and_utf_16_are_no_guess() -> None:
    assert read("prompt\nCafé\n".encode(), "a.csv").problems == ()
    assert read("prompt\nЛиса\n".encode("utf-16-le"), "a.csv").problems == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_of_the_header(delimiter: str) -> None:
    data = csv(delimiter.join(("prompt", "visibility")), delimiter.join(('"a, b; c | d"', "private")))
    table = read(data, "a.csv")
    assert table.delimiter == delimiter
    assert _cells(table) == [("a, b; c | d", "private")]


def test_the_delimiter_is_found_below_a_title_with_commas() -> None:
    table = read(csv("Foxes, owls, hares, badgers", "prompt;visibility", "a fox;private"), "a.csv")
    assert (table.delimiter, table.header_row) == (";", 2)


def test_quoted_delimiters_of_a_header_do_not_count() -> None:
    assert read(csv('"a,b,c,d";x', "1;2"), "a.csv").delimiter == ";"


def test_the_line_that_names_the_delimiter_is_no_row() -> None:
    table = read(csv("sep=;", "prompt;visibility", "a fox;private"), "a.csv")
    assert (table.header_row, table.rows[0].number, table.headers) == (1, 2, ("prompt", "visibility"))


def test_one_column_needs_no_delimiter() -> None:
    assert _cells(read(csv("prompt", "a fox", "an owl"), "a.csv")) == [("a fox",), ("an owl",)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_row(end: str) -> None:
    table = read(end.join(("prompt,visibility", "a fox,private", "an owl,public")).encode(), "a.csv")
    assert [row.number for row in table.rows] == [2, 3]


def test_a_record_with_line_ends_is_one_row_and_a_blank_line_is_one_too() -> None:
    table = read(
        csv("", "prompt,visibility", '"a fox', "", 'in snow",private', "", ",,", "an owl,private"), "a.csv"
    )
    assert table.header_row == 2
    assert [(row.number, row.cells[0]) for row in table.rows] == [(3, "a fox\n\nin snow"), (6, "an owl")]


def test_a_quote_that_is_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(Unreadable, match="beginning at line 3 is never closed") as refused:
        read(csv("prompt,visibility", "a fox,private", '"an owl,private', "a hare,private"), "a.csv")
    assert refused.value.code == "unclosed-quote"


def test_text_after_a_closing_quote_is_told_with_its_line() -> None:
    with pytest.raises(Unreadable, match="in line 2 text follows"):
        read(csv("prompt,visibility", '"a "fox" in snow",private'), "a.csv")


def test_doubled_quotes_are_quotes() -> None:
    assert _cells(read(csv("prompt", '"the words ""Warm Wishes"""'), "a.csv")) == [
        ('the words "Warm Wishes"',)
    ]


def test_nothing_of_a_cell_is_stripped_or_repaired() -> None:
    assert _cells(read(csv("prompt,model", "  a fox ,  3"), "a.csv")) == [("  a fox ", "  3")]


def test_short_rows_are_filled_and_cells_beyond_the_header_kept() -> None:
    table = read(csv("prompt,visibility", "a fox", "an owl,private,,dusk"), "a.csv")
    assert table.headers == ("prompt", "visibility", "", "Column D")
    assert _cells(table) == [("a fox", "", "", ""), ("an owl", "private", "", "dusk")]


def test_empty_columns_before_the_header_are_left_out_and_counted() -> None:
    table = read(csv(",,prompt,", ",,a fox,extra"), "a.csv")
    assert table.headers == ("prompt", "Column D")
    assert table.left == 2


def test_rows_above_the_header_are_left_out_and_told() -> None:
    table = read(csv("My foxes", "", "as of May", "prompt,visibility", "a fox,private"), "a.csv")
    assert table.header_row == 4
    assert [row.number for row in table.rows] == [5]
    (said,) = table.problems
    assert said.code == "above-header"
    assert "“My foxes” and “as of May”" in said.message


def test_a_cell_that_is_called_like_a_column_makes_no_header() -> None:
    assert read(csv("name,colour", "fox,red", "style,blue"), "a.csv").header_row == 1


@pytest.mark.parametrize("data", [b"\n\n\n", b"  \n , , \n", b"\xef\xbb\xbf"])
def test_a_file_of_nothing_but_space_is_a_table_without_rows(data: bytes) -> None:
    table = read(data, "a.csv")
    assert (table.headers, table.header_row, table.rows) == ((), 0, ())


def test_a_long_cell_is_read_whole() -> None:
    prompt = "fox " * 100_000
    assert _cells(read(csv("prompt", f'"{prompt}"'), "a.csv")) == [(prompt,)]


def test_lost_characters_are_told() -> None:
    table = read("prompt,visibility\na fox \ufffd,private\n".encode(), "a.csv")
    (said,) = table.problems
    assert (said.row, said.column, said.code, said.level) == (2, "prompt", "damaged-text", "warning")
