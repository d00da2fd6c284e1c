"""The whole product on a folder of its own for all of these tests, and a web without a past for some."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from assistant.app import create_app
from jobs.services import open_services
from jobs.settings import Settings
from tests.browser.gridding import ERRORS, Grid
from tests.live import up

expect.set_options(timeout=15_000)  # what holds is seen at once; the machine may be busy


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `promptsheet up`; beside proof it has a back end that costs, at which nobody answers."""
    paid = {"PROMPTSHEET_IMAGES_BASE_URL": "http://127.0.0.1:9/v1", "PROMPTSHEET_IMAGES_API_KEY": "none"}
    with up(tmp_path_factory.mktemp("site") / "data", **paid) as live:
        yield live.url


@pytest.fixture(scope="session")
def base_url(site: str) -> str:
    """So that `page.goto("/sheets")` is enough."""
    return site


Serve = Callable[[Mapping[str, str]], str]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a web that nobody has used, under these settings; nothing runs behind it. Gives its address."""
    with ExitStack() as stack:

        def served(environment: Mapping[str, str]) -> str:
            services = open_services(
                Settings.read({"PROMPTSHEET_DATA": str(tmp_path / "data"), **environment})
            )
            server = make_server("127.0.0.1", 0, create_app(services.settings, services), threaded=True)
            serving = threading.Thread(target=server.serve_forever)
            serving.start()
            for end in (services.close, server.server_close, serving.join, server.shutdown):
                stack.callback(end)
            return f"http://127.0.0.1:{server.server_port}"

        yield served


@pytest.fixture
def fresh(serve: Serve) -> str:
    """The address of a web that nobody has used; nothing runs behind it."""
    return serve({})


GridOf = Callable[..., Grid]


@pytest.fixture
def grid(page: Page, site: str) -> Iterator[GridOf]:
    """Opens the grid of a new sheet with these bytes; the clipboard may be used, and no script may break."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.context.add_init_script(ERRORS)

    def made(data: bytes, base: str = site) -> Grid:
        file = {"name": "sheet.csv", "mimeType": "text/csv", "buffer": data}
        answer = page.request.post(f"{base}/api/v1/sheets", multipart={"file": file})
        assert answer.status == 201, answer.text()
        return Grid(page, base, answer.json()["id"]).open()

    yield made
    assert not page.evaluate("window.broken"), "a script of the page broke"


Upload = Callable[[str, bytes], str]


@pytest.fixture
def upload(page: Page) -> Upload:
    """Upload a file by the button of the start page; returns the address it led to."""

    def upload(name: str, data: bytes) -> str:
        page.goto("/")
        page.get_by_label("Choose a file").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        )
        page.wait_for_url("**/sheets/**")
        return page.url

    return upload
