"""Which routes are pages: each has its pictures and is judged by axe, or says here why not."""

from django.urls import resolve

from tests.dashboard.routes import ROUTES

NO_PAGE = {
    "overview-live": "what changed on the open overview",
    "backup-live": "changed rows of an open list",
    "backup-instances": "the proposals of a field",
    "backup-csv": "a file",
    "backup-json": "a file",
    "backup-choose": "the lines of a choice",
    "backup-detail-live": "a part of an open page",
    "project-addresses": "a field's hint",
    "health-live": "the banner of an open page",
    "coverage-csv": "a file",
    "coverage-json": "a file",
    "audit-csv": "a file",
    "audit-json": "a file",
    "healthz": "for machines",
    "readyz": "for machines",
}
"""Routes that answer GET, but not with a page."""

PAGES = {name for name, method in ROUTES if method == "get"} - set(NO_PAGE)


def route_of(path: str) -> str:
    """The route that answers at a path; raises Resolver404 where none does."""
    return resolve(path.partition("?")[0]).url_name or ""
