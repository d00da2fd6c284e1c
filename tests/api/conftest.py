"""The application on services of its own, and sheets to send."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from jobs.services import Services
from tests.jobs.conftest import environment, services, valkey

__all__ = ["environment", "services", "valkey"]

SHEET = "prompt,visibility,num_images\na fox,private,2\na bear,private,1\n"

Upload = Callable[..., TestResponse]


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services.settings, services).test_client()


@pytest.fixture
def upload(client: FlaskClient) -> Upload:
    """Send a sheet: its bytes or text, its name, and what else the call has."""

    def send(text: str | bytes = SHEET, name: str = "foxes.csv", **more: Any) -> TestResponse:
        data = text.encode() if isinstance(text, str) else text
        return client.post("/api/v1/sheets", data={"file": (BytesIO(data), name)}, **more)

    return send
