"""A sheet's feed as the grid reads it: JSON with what changed, and nothing that did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.web.grid.alike import alike
from jobs.feed import Feed, News
from jobs.merge import Clash
from jobs.origins import Origin, Place
from jobs.sheet import View, ViewRow
from jobs.store.edits import Group
from schema import columns
from schema.problems import Problem


def told(feed: Feed, clashes: Sequence[Clash] = ()) -> dict[str, Any]:
    """What a grid is sent: always where it stands, and the news where there are any."""
    answer: dict[str, Any] = {
        "cursor": feed.cursor,
        "drafting": feed.drafting,
        "expected": feed.expected,
        "conflicts": [_clash(clash) for clash in clashes],
    }
    if feed.plan:
        answer["strands"] = {one["id"]: one["name"] for one in feed.plan["strands"]}
    return answer if feed.news is None else answer | _news(feed.news)


def _news(news: News) -> dict[str, Any]:
    view = news.view
    return {
        "rows": _rows(news.rows, news.origins),
        "order": [row.id for row in view.rows] if news.order else None,
        "problems": [_problem(problem) for problem in view.problems],
        "near": alike(view),
        "counts": {level: view.count(level) for level in ("error", "warning", "fixed")},
        "safe": [
            {
                "column": kind.column,
                "before": kind.before,
                "after": kind.after,
                "why": kind.why,
                "rows": kind.rows,
            }
            for kind in view.repairable
        ],
        "undo": _step(news.steps.undo),
        "redo": _step(news.steps.redo),
        "sheet": {"name": view.sheet.name, "rows": len(view.rows), "images": images(view)},
    }


def _rows(rows: Sequence[ViewRow], origins: Mapping[Place, Origin]) -> list[dict[str, Any]]:
    by_row: dict[str, dict[str, Origin]] = {}
    for (row_id, column), origin in origins.items():
        by_row.setdefault(row_id, {})[column] = origin
    return [
        {
            "id": row.id,
            "number": row.number,
            "cells": row.cells,
            "strand": row.strand,
            "from": {
                column: origin.word
                for column, origin in by_row.get(row.id, {}).items()
                if origin.word != "file"  # most cells of most sheets: what is not said is the file's
            },
            "locked": [column for column, origin in by_row.get(row.id, {}).items() if origin.locked],
        }
        for row in rows
    ]


def _problem(problem: Problem) -> dict[str, object]:
    return problem.to_json() | {"row_id": problem.row_id}


def _clash(clash: Clash) -> dict[str, object]:
    wish = clash.wish
    return {
        "row_id": wish.row_id,
        "column": wish.column,
        "before": wish.before,
        "yours": wish.text,
        "theirs": clash.theirs,
        "gone": clash.gone,
    }


def _step(stack: Sequence[Group]) -> str | None:
    """What kind of change would be taken back, or made again, next."""
    return stack[-1].origin if stack else None


def images(view: View) -> int:
    """How many images the rows ask for; a row whose count is wrong asks for the default."""
    default = columns.load()["num_images"].default or 1
    return sum(int(row.values.get("num_images", default)) for row in view.rows)
