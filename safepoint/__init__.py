"""Safepoint's command line: a small client of the REST interface, for pipelines and terminals."""

__version__ = "0.1.0"
