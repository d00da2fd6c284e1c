"""`create_app`: the Flask application with its blueprints, guards and error pages."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from htmx_flask import Htmx

import templates
from assistant import errors, filters, guards, secret
from assistant.web import (
    api,
    backends,
    batch,
    brief,
    chat,
    creations,
    draft,
    grid,
    health,
    help,
    model,
    notices,
    sheet,
    start,
)
from jobs.services import Services, open_services
from jobs.settings import Settings

VENDOR = Path(__file__).parent / "static" / "vendor"


def create_app(settings: Settings | None = None, services: Services | None = None) -> Flask:
    """The application on the settings of the environment, or on those given; tests pass open services.

    Raises NotConfigured where a setting cannot be used or the front-end files were not fetched.
    """
    settings = settings or Settings.read()
    guards.require_vendor_files(VENDOR)
    app = Flask(__name__, template_folder=str(templates.PAGES))
    app.secret_key = secret.key(settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload + (64 << 10)
    # A pasted answer of a chat app comes as a field, and may be as large as an uploaded file.
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.extensions["services"] = services or open_services(settings)
    app.extensions["services"].database.migrate()
    Htmx(app)
    guards.init(app)
    errors.init(app)
    filters.init(app)
    rooms = (start, brief, draft, sheet, grid, chat, batch, creations, help, notices, model, backends)
    for room in (*rooms, api, health):
        app.register_blueprint(room.pages)
    return app
