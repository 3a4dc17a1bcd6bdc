"""Settings of a Safepoint without its fence."""

from dashboard.settings import *  # noqa: F403
from dashboard.settings import INSTALLED_APPS as WHOLE

INSTALLED_APPS = [*WHOLE, "tests.faults.sabotage.rules.WithoutFence"]
