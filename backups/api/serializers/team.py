"""A team: its settings and targets, its members and their deputies."""

from typing import Any

from rest_framework import serializers

from backups.api.serializers.strict import MomentField, Strict
from backups.models import Role
from backups.models.coverage import DEFAULT_TARGET_HOURS, MOST_TARGET_HOURS
from backups.operations.governance import MOST_BREAK_GLASS

LEAST_OVERDUE_HOURS, MOST_OVERDUE_HOURS = 1, 240


def _target(words: str | None = None) -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_TARGET_HOURS, help_text=words
    )


class Targets(Strict):
    """How old the data of the newest good backup may be, in hours; null: as every other instance."""

    production = _target()
    staging = _target()
    development = _target()
    other = _target(f"Every other instance; {DEFAULT_TARGET_HOURS} where it is null.")


class TeamSerializer(serializers.Serializer[Any]):
    """A team and its rules. `break_glass_per_month`: how often a backup may run without approval."""

    name = serializers.CharField(source="team.name")
    slug = serializers.CharField(source="team.slug")
    four_eyes = serializers.BooleanField(source="team.four_eyes")
    overdue_hours = serializers.IntegerField(source="team.overdue_hours")
    resends_automatically = serializers.BooleanField(source="team.resends_automatically")
    break_glass_per_month = serializers.IntegerField(source="team.break_glass_per_month")
    targets = Targets()


class ChangedTeam(Strict):
    """What is to be changed of a team; what is left out stays."""

    overdue_hours = serializers.IntegerField(
        required=False, min_value=LEAST_OVERDUE_HOURS, max_value=MOST_OVERDUE_HOURS
    )
    resends_automatically = serializers.BooleanField(required=False)
    targets = Targets(required=False, help_text="Those that are named; null takes one away.")


class Quota(Strict):
    """How often a month the glass may be broken; with 0 nobody may."""

    count = serializers.IntegerField(min_value=0, max_value=MOST_BREAK_GLASS)


class MemberSerializer(serializers.Serializer[Any]):
    """A member. `since` is null for whoever came before that was kept."""

    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name")
    is_service = serializers.BooleanField(source="user.is_service")
    is_active = serializers.BooleanField(source="user.is_active")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    may_break_glass = serializers.BooleanField()
    since = serializers.DateTimeField(allow_null=True)


class MemberList(serializers.Serializer[Any]):
    """All members, by user name."""

    results = MemberSerializer(many=True)


class Removal(Strict):
    """Taking a person out."""

    despite = serializers.BooleanField(
        required=False, help_text="Also where a policy is left that nobody can satisfy."
    )


class Seat(Removal):
    """What a person may do in the team: all of it, what is left out is taken away."""

    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), min_length=1, max_length=len(Role)
    )
    may_break_glass = serializers.BooleanField(required=False, default=False)

    def validate_roles(self, value: list[str]) -> list[str]:
        """Each once."""
        return sorted(set(value))


class DeputySerializer(serializers.Serializer[Any]):
    """Who decides in whose stead; both by user name. `ended_at`: ended before its time."""

    id = serializers.UUIDField()
    absent = serializers.CharField(source="absent.username")
    deputy = serializers.CharField(source="deputy.username")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class DeputyList(serializers.Serializer[Any]):
    """Those that are not over, the first to begin first."""

    results = DeputySerializer(many=True)


class NewDeputy(Strict):
    """Who is to decide in the caller's stead, and how long."""

    deputy = serializers.CharField(max_length=150, help_text="User name of a member.")
    starts_at = MomentField(required=False, help_text="Now unless set, or where it has passed.")
    ends_at = MomentField(is_end=True, help_text="At most 90 days later; of a day (UTC) its end.")
