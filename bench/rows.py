"""One row as a peer runs it: our ledger's three commits, our decoding and files, a plain HTTP call."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from jobs import ids, ledger
from jobs.backends import images as pictures
from jobs.batch import RowState
from jobs.ledger import Claim, Outcome
from jobs.reconcile import new_holder
from jobs.services import Services, open_services
from jobs.settings import Settings
from jobs.store.images import Image

_HERE = threading.local()
_SERVICES: list[Services] = []


def services() -> Services:
    """Opened once in a peer's process."""
    if not _SERVICES:
        _SERVICES.append(open_services(Settings.read()))
    return _SERVICES[0]


def run_one() -> None:
    """Claim a row, mark it sent, call, keep the image, finish: each commit durable and on its own."""
    here = services()
    with here.database.write() as connection:
        claimed = ledger.claim(connection, "openai", new_holder(), 1, time.time())
    for row in claimed:
        with here.database.write() as connection:
            ledger.mark_sent(connection, row.attempt, time.time())
        data = _call(here.settings, row)
        kept = _keep(here, row, data)
        with here.database.write() as connection:
            ledger.finish(connection, row.attempt, Outcome(RowState.DONE, [kept], billed=1), time.time())


def _call(settings: Settings, row: Claim) -> bytes:
    """One POST on this thread's own connection."""
    parts = urlsplit(settings.images_base_url)
    if not hasattr(_HERE, "connection"):
        _HERE.connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    wanted: dict[str, Any] = {
        "model": settings.images_model,
        "prompt": row.values["prompt"],
        "n": 1,
        "size": "1024x1024",
        "quality": "medium",
    }
    headers = {"Authorization": f"Bearer {settings.images_api_key}", "Content-Type": "application/json"}
    _HERE.connection.request("POST", f"{parts.path}/images/generations", json.dumps(wanted), headers)
    body = _HERE.connection.getresponse().read()
    _, cut = pictures.parse(body)
    return pictures.decode(cut[0])


def _keep(here: Services, row: Claim, data: bytes) -> Image:
    width, height = pictures.size(data)
    key = f"{row.batch_id}/{row.attempt}-1.png"
    here.files.put(key, data)
    return Image(
        id=ids.new(),
        owner=row.owner,
        batch_id=row.batch_id,
        row_id=row.row_id,
        number=row.number,
        index=1,
        key=key,
        width=width,
        height=height,
        size=len(data),
        seed=None,
        prompt=str(row.values["prompt"]),
        prompt_used=None,
        ratio="1:1",
        style="auto",
        private=True,
        created_at=time.time(),
    )
