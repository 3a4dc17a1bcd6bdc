"""The product's own settings, with the bare views beside its pages and a clock around all of it."""

from dashboard.settings import *  # noqa: F403 - the very same, so that the same is measured
from dashboard.settings import INSTALLED_APPS as DEPLOYED_APPS
from dashboard.settings import MIDDLEWARE as DEPLOYED

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.clock.ServerTimeMiddleware", *DEPLOYED]
INSTALLED_APPS = ["benchmarks", *DEPLOYED_APPS]
