"""What import-linter cannot see: the one module outside a package, and names that others could bring."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("assistant", "jobs", "schema", "templates")


def test_the_entry_point_imports_the_factory_alone() -> None:
    tree = ast.parse((ROOT / "wsgi.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [(getattr(node, "module", None), [name.name for name in node.names]) for node in imports] == [
        ("assistant.app", ["create_app"])
    ]


def test_no_dependency_brings_a_package_of_our_names() -> None:
    brought = {
        f"{distribution.name}: {file}"
        for distribution in distributions()
        if distribution.name != "promptsheet"
        for file in distribution.files or ()
        if file.parts[0].removesuffix(".py") in OURS
    }
    assert brought == set()


@pytest.mark.parametrize(
    "module", ["assistant.app", "assistant.cli", "jobs.drain", "jobs.worker", "schema.sheet"]
)
def test_nothing_is_opened_read_or_started_at_import(module: str, tmp_path: Path) -> None:
    """In a folder that must stay empty, with settings that could not be read."""
    look = (
        f"import threading, {module}\n"
        "import psutil\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "assert psutil.Process().net_connections('all') == []\n"
    )
    environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PROMPTSHEET_PORT": "no port"}
    done = subprocess.run(
        [sys.executable, "-c", look], env=environment, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("heavy", ["flask", "sqlalchemy", "redis", "rq", "openai", "aiohttp", "alembic"])
def test_the_template_needs_none_of_the_heavy_libraries(heavy: str) -> None:
    look = f"import sys, assistant.cli, assistant.commands.template; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT).returncode == 0
