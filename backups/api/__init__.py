"""Safepoint for programs: REST under `/api/v1/`, and the cloud's own endpoints, governed (`gateway`)."""
