"""Settings of a Safepoint that makes a call again after a 5xx."""

from dashboard.settings import *  # noqa: F403
from dashboard.settings import INSTALLED_APPS as WHOLE

INSTALLED_APPS = [*WHOLE, "tests.faults.sabotage.rules.RetriesServerErrors"]
