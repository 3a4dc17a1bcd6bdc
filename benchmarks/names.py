"""The people of a world whom the suites know by name."""

READER = "dana"
"""In eight of the ten teams: sees 85 of 100 backups."""
LARGEST_TEAM = "team-0"
"""One of dana's."""
LONER = "lone"
"""In the smallest team alone: sees one backup of 100."""
PERSON = "person-{}"
PEOPLE = 60
PASSWORD = "a million backups"  # noqa: S105  # pragma: allowlist secret
