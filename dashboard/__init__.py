"""The outermost ring: wiring, and the face people see."""

from dashboard.celery import app

# Whoever loads the settings publishes through this application, the pages and commands too.
__all__ = ["app"]
