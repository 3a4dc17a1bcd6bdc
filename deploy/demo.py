"""What the demo needs before its data can be loaded: the simulated cloud's keys, and a password."""

import os
import secrets
import time

from deploy import owned
from deploy.choices import Choices

PATIENCE = 60.0


class DemoError(RuntimeError):
    """The demo cannot be loaded; the words say why."""


def wait_for_keys(choices: Choices) -> None:
    """Return when the simulated cloud has written its keys, which it does when it listens."""
    deadline = time.monotonic() + PATIENCE
    while not choices.simulator_keys.is_file():
        if time.monotonic() > deadline:
            raise DemoError("The simulated cloud does not answer.")
        time.sleep(0.1)


def keep_password(choices: Choices) -> None:
    """Keep the demo accounts' password: the one that they were made with, whatever is said later."""
    if not choices.demo_password.is_file():
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(12)
        owned.write_private(choices.demo_password, f"{password}\n")
