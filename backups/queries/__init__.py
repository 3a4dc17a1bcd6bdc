"""Readings with rules: what a page or an operation wants to know, by name."""
