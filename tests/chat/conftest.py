"""What the tests of the conversation share with those of drafts."""

from tests.drafting.conftest import desk, environment, services
from tests.model.conftest import running, server

__all__ = ["desk", "environment", "running", "server", "services"]
