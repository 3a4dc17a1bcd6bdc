"""No worker runs beside these tests: a call that waits for one would wait in vain."""

import pytest


@pytest.fixture(autouse=True)
def answers_at_once(settings, static_files: str) -> None:
    """What is recorded is told at once."""
    settings.GATEWAY_WAIT_SECONDS = 0
