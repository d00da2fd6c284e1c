"""What each column takes, and the template: from the schema and from nowhere else."""

from __future__ import annotations

import html
from io import BytesIO

import pytest
from openpyxl import load_workbook

from schema import columns
from schema.guide import guide
from tests.web.conftest import Person


def test_every_line_of_the_guide_stands_on_the_page(person: Person) -> None:
    page = html.unescape(person.page("/expected-values"))
    for line in guide():
        assert f"<code>{line.column}</code>" in page
        assert line.words in page
        assert all(sentence in page for sentence in line.mind)
        assert all(f"{choice}</" in page for choice in line.choices)


@pytest.mark.parametrize(("query", "names"), [("full=1&", "all"), ("", "simple")])
def test_the_template_is_there_simple_and_full(person: Person, query: str, names: str) -> None:
    wanted = [column.name for column in getattr(columns.load(), names)]
    answer = person.get(f"/template?{query}format=csv")
    assert answer.text.removeprefix("\ufeff").splitlines()[0] == ",".join(wanted)
    book = load_workbook(BytesIO(person.get(f"/template?{query}format=xlsx").data))
    assert [cell.value for cell in book.worksheets[0][1]] == wanted


def test_another_format_is_a_sentence(person: Person) -> None:
    answer = person.get("/template?format=pdf")
    assert answer.status_code == 404
    assert "csv and as xlsx" in answer.text
