"""Pages are tested with the static files that a real site serves."""

import pytest


@pytest.fixture(autouse=True)
def collected(static_files: str) -> None:
    """Styles and scripts have their hashed names."""
