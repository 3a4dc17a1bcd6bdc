"""Projects, instances and how they are covered."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backups.api.serializers.strict import Flag, Strict
from backups.models import Api, Coverage, Environment, Kind, Source


class InstanceFilters(Strict):
    """Which instances, and how many at a time by a cursor."""

    q = serializers.CharField(required=False, max_length=200, help_text="A part of the name or ID.")
    team = serializers.SlugField(
        required=False, max_length=100, help_text="Short name; a token has one team."
    )
    environment = serializers.ChoiceField(required=False, choices=Environment.choices)
    state = serializers.ChoiceField(required=False, choices=Coverage.choices, help_text="Against its target.")
    cursor = serializers.CharField(required=False, max_length=400, help_text="From `next`.")


class WhichProject(Strict):
    """Which of two projects that have the instance."""

    project_id = serializers.RegexField(
        r"^[0-9A-Za-z]{32}$",
        required=False,
        help_text="The cloud's; unless set, where the instance is there.",
    )


class InstanceSerializer(serializers.Serializer[Any]):
    """An instance (`queries.fleet.InstanceRow`). No state: it is gone. `volume_gb` in GB."""

    instance_id = serializers.CharField(source="cloud_id")
    name = serializers.CharField()
    team = serializers.CharField(source="team_name")
    project = serializers.CharField(source="project_name")
    environment = serializers.CharField(allow_blank=True)
    status = serializers.CharField(allow_blank=True)
    is_available = serializers.BooleanField()
    engine = serializers.CharField(allow_blank=True)
    engine_version = serializers.CharField(allow_blank=True)
    volume_gb = serializers.FloatField(allow_null=True)
    gone_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=Coverage.choices, allow_null=True)
    target_hours = serializers.IntegerField()
    age_seconds = serializers.FloatField(allow_null=True)
    last_backup_id = serializers.UUIDField(allow_null=True)
    last_backup_at = serializers.DateTimeField(allow_null=True)
    running_backup_id = serializers.UUIDField(allow_null=True)


class InstancePage(serializers.Serializer[Any]):
    """Instances by name, those that are gone last."""

    results = InstanceSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class CoveredSerializer(serializers.Serializer[Any]):
    """An instance against its target. `age_seconds`: of the data of its newest good backup."""

    instance_id = serializers.CharField(source="cloud_id")
    instance_name = serializers.CharField(source="name")
    environment = serializers.CharField(allow_blank=True)
    team = serializers.CharField(source="team.slug")
    project = serializers.CharField(source="project_name")
    state = serializers.ChoiceField(choices=Coverage.choices)
    target_hours = serializers.IntegerField()
    age_seconds = serializers.FloatField(allow_null=True)
    begin_time = serializers.DateTimeField(allow_null=True)
    end_time = serializers.DateTimeField(allow_null=True)
    backup_id = serializers.UUIDField(allow_null=True)
    backup_name = serializers.CharField(allow_blank=True)
    source = serializers.ChoiceField(choices=[*Source.choices, ("", "none")], allow_blank=True)


class SummarySerializer(serializers.Serializer[Any]):
    """How many instances stand how, whatever state is asked for."""

    covered = serializers.IntegerField()
    at_risk = serializers.IntegerField()
    uncovered = serializers.IntegerField()
    never = serializers.IntegerField()


class CoveragePage(serializers.Serializer[Any]):
    """The worst first; all pages of one reading are of one moment."""

    at = serializers.DateTimeField()
    summary = SummarySerializer()
    results = CoveredSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class CredentialSerializer(serializers.Serializer[Any]):
    """How Safepoint signs in: never a secret, only the access key's last four characters and the age."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    access_key_hint = serializers.CharField(allow_blank=True)
    domain = serializers.CharField(allow_blank=True)
    username = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    verified_at = serializers.DateTimeField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)


class ProjectSerializer(serializers.Serializer[Any]):
    """A project of the cloud. `id` is ours, `project_id` the cloud's."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    team = serializers.CharField(source="team.slug")
    region = serializers.CharField()
    endpoint = serializers.CharField()
    iam_endpoint = serializers.CharField(allow_blank=True)
    api = serializers.ChoiceField(choices=Api.choices)
    project_id = serializers.CharField()
    allows_chinese_names = serializers.BooleanField()
    credential = CredentialSerializer()
    synced_at = serializers.DateTimeField(allow_null=True)
    sync_error = serializers.CharField(allow_blank=True)
    unreachable_since = serializers.DateTimeField(allow_null=True)


class ProjectList(serializers.Serializer[Any]):
    """All projects of the team, by name."""

    results = ProjectSerializer(many=True)


class StepSerializer(serializers.Serializer[Any]):
    """One step of trying a connection; `is_ok` is null where it was not reached."""

    key = serializers.CharField()
    title = serializers.CharField()
    is_ok = serializers.BooleanField(allow_null=True)
    detail = serializers.CharField(allow_blank=True)
    remedy = serializers.CharField(allow_blank=True)


class StepList(serializers.Serializer[Any]):
    """All steps, in order."""

    results = StepSerializer(many=True)


class _Typed(Strict):
    """What an admin types of a project; secrets are written, never shown."""

    name = serializers.CharField(max_length=100)
    region = serializers.RegexField(r"^[a-z0-9-]+$", max_length=64)
    endpoint = serializers.CharField(
        required=False, max_length=255, help_text="Unless set, the region's own."
    )
    iam_endpoint = serializers.CharField(required=False, max_length=255)
    api = serializers.ChoiceField(required=False, choices=Api.choices, default=Api.MYSQL_V3)
    project_id = serializers.RegexField(r"^[0-9A-Za-z]{32}$")
    allows_chinese_names = Flag(required=False, default=False)
    kind = serializers.ChoiceField(required=False, choices=Kind.choices, default=Kind.AKSK)
    access_key = serializers.CharField(required=False, write_only=True, max_length=200)
    secret_key = serializers.CharField(required=False, write_only=True, max_length=200)
    security_token = serializers.CharField(required=False, write_only=True, max_length=20_000)
    domain = serializers.CharField(required=False, max_length=64)
    username = serializers.CharField(required=False, max_length=64)
    password = serializers.CharField(required=False, write_only=True, max_length=200)


class NewProject(_Typed):
    """A project to be entered."""


class ChangedProject(_Typed):
    """What is to be changed of a project; what is left out stays. Where it points needs the secret again."""

    POINTS_AT = ("region", "endpoint", "iam_endpoint", "project_id", "kind", "domain", "username")

    name = serializers.CharField(required=False, max_length=100)
    region = serializers.RegexField(r"^[a-z0-9-]+$", required=False, max_length=64)
    project_id = serializers.RegexField(r"^[0-9A-Za-z]{32}$", required=False)
    api = serializers.ChoiceField(required=False, choices=Api.choices)
    allows_chinese_names = Flag(required=False)
    kind = serializers.ChoiceField(required=False, choices=Kind.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Another place without its secret would send the stored one there (security.md, row 3)."""
        if set(attrs) & set(self.POINTS_AT) and not set(attrs) & {"secret_key", "password"}:
            words = _("Where a project points is changed together with its secret: send it again.")
            raise serializers.ValidationError({"secret_key": [words]})
        return attrs
