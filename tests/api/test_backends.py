"""GET /backends: what each takes and lacks, for programs."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_every_back_end_is_told_with_what_it_lacks_and_asks_for(client: FlaskClient) -> None:
    answer = client.get("/api/v1/backends")
    assert answer.status_code == 200
    assert answer.json
    found = {one["name"]: one for one in answer.json["backends"]}
    proof, ideogram = found["proof"], found["ideogram"]
    assert (proof["default"], proof["ready"], proof["reason"]) == (True, True, None)
    assert [gap["column"] for gap in proof["lacks"]] == ["negative_prompt"]
    assert "prompt" in proof["takes"]
    assert not ideogram["ready"]
    assert "IDEOGRAM_API_KEY" in ideogram["reason"]
    assert {"model": "2a", "rendering": "turbo", "credits": 0.125, "usd": 0.025} in ideogram["prices"]
    assert {"name": "IDEOGRAM_API_KEY", "set": False}.items() <= ideogram["settings"][0].items()
