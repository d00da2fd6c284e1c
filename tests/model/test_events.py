"""Events of a stream, however its bytes are cut and its lines end."""

from __future__ import annotations

import pytest

from assistant.model.events import Events

STREAM = ': hello\ndata: {"a": "ü🦊"}\n\nevent: x\nid: 1\ndata:two\ndata: lines\n\n\n\n'
STREAM += "data: last\n\ndata: [DONE]\n\ndata: x\n\n"
EXPECTED = ['{"a": "ü🦊"}', "two\nlines", "last"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_events_are_the_same_however_they_are_cut(step: int, end: str) -> None:
    data = STREAM.replace("\n", end).encode()
    events = Events()
    found = [text for at in range(0, len(data), step) for text in events.feed(data[at : at + step])]
    assert [*found, *events.finish()] == EXPECTED
    assert events.done


def test_a_last_event_without_an_empty_line_counts() -> None:
    events = Events()
    assert events.feed(b'data: {"a": 1}\n\ndata: {"b"') == ['{"a": 1}']
    assert events.feed(b": 2}") == []
    assert events.finish() == ['{"b": 2}']
    assert not events.done


def test_bytes_that_are_no_text_are_told() -> None:
    with pytest.raises(UnicodeDecodeError):
        Events().feed(b"data: \xff\xfe\n\n")
