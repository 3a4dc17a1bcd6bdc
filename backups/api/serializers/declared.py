"""A document that declares a team, and what it changed."""

from typing import Any

from rest_framework import serializers

from backups.api.serializers.strict import Flag, Strict


class NewState(Strict):
    """How the team is to be: as `manage.py apply` reads it (docs/apply.md), with the secrets themselves."""

    document = serializers.DictField(
        help_text="teams, projects, instances, policies; of the token's team alone."
    )
    dry_run = Flag(required=False, default=False, help_text="Only tell what would change.")


class Changes(serializers.Serializer[Any]):
    """Each change in a line; what waits for a second admin stands among the proposals as well."""

    changes = serializers.ListField(child=serializers.CharField())
    proposals = serializers.ListField(child=serializers.CharField())
