"""The WSGI entry point: `wsgi:app` for any server. The one module that does its work at import."""

from assistant.app import create_app

app = create_app()
