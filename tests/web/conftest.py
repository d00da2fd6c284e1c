"""An application on a folder of its own, and a browser without a screen that knows its token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from assistant.app import create_app
from jobs.services import Services, open_services
from jobs.settings import Settings


@pytest.fixture
def environment(data_folder: Path) -> dict[str, str]:
    """The settings; a test adds to them before it asks for anything else."""
    return {"PROMPTSHEET_DATA": str(data_folder)}


@pytest.fixture
def services(environment: dict[str, str]) -> Iterator[Services]:
    opened = open_services(Settings.read(environment))
    yield opened
    opened.close()


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services.settings, services)


class Person:
    """Somebody at a browser: pages are asked for, forms are sent with the token of the last page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, address: str, **headers: str) -> TestResponse:
        answer = self.client.get(address, headers=headers, buffered=True)
        found = re.search(r'X-CSRFToken": "([^"]+)"', answer.text) if answer.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return answer

    def page(self, address: str) -> str:
        answer = self.get(address)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        return answer.text

    def send(self, address: str, /, **form: object) -> TestResponse:
        if not self.token:
            self.get("/notices")
        return self.client.post(address, data={"csrf_token": self.token} | form)

    def upload(self, data: bytes, name: str = "stickers.csv", address: str = "/sheets") -> TestResponse:
        return self.send(address, file=(BytesIO(data), name))

    def sheet(self, data: bytes, name: str = "stickers.csv") -> str:
        """Upload, and the address of the sheet's page."""
        answer = self.upload(data, name)
        assert answer.status_code == 303, answer.text
        return answer.location.removesuffix("/details")


@pytest.fixture
def person(app: Flask) -> Person:
    return Person(app.test_client())


@pytest.fixture
def queries(services: Services) -> Iterator[list[str]]:
    """The statements that were sent to the database; a test clears it before what it counts."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = services.database._engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
