"""Backups, asked for and told."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from backups.api.serializers.strict import Flag, MomentField, Strict
from backups.contract import fields
from backups.contract.violations import Violation
from backups.models import Alarm, Environment, Outcome, Source, Status
from backups.operations.creation import CHANGE_TICKET_MAX, REASON_MAX
from backups.operations.decisions import COMMENT_MAX
from backups.queries.described import Described
from backups.queries.sorting import SORTS

INSTANCE_ID = r"^[0-9A-Za-z-]{36}$"
NAME = r"^[A-Za-z\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff-]*$"
DESCRIPTION = r"^[^>!<\"&'=\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"


class Filters(Strict):
    """Which part of the history, and how it is sorted: as the history page's address has it."""

    q = serializers.CharField(required=False, max_length=200, help_text="Words of the name or description.")
    status = serializers.MultipleChoiceField(required=False, choices=Status.choices)
    team = serializers.SlugField(
        required=False, max_length=100, help_text="Short name; a token has one team."
    )
    instance_id = serializers.CharField(required=False, max_length=36, help_text="The cloud's ID.")
    environment = serializers.ChoiceField(required=False, choices=Environment.choices)
    source = serializers.ChoiceField(required=False, choices=Source.choices)
    person = serializers.CharField(required=False, max_length=150, help_text="User name of who asked.")
    since = MomentField(required=False, help_text="Started at or after this moment or day (UTC).")
    until = MomentField(required=False, is_end=True, help_text="Started before this moment, or on this day.")
    attention = serializers.BooleanField(required=False, help_text="Only what needs a person.")
    sort = serializers.ChoiceField(
        required=False, choices=sorted(SORTS), help_text="Newest first unless set."
    )
    cursor = serializers.CharField(required=False, max_length=200, help_text="From `next`.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100, default=50)


class Waiting(Strict):
    """How long to wait for an end."""

    wait = serializers.IntegerField(
        required=False, min_value=0, max_value=60, default=0, help_text="Seconds; returns early when final."
    )


class NewBackup(Strict):
    """A backup to be made. The rules of the fields are the cloud's own."""

    instance_id = serializers.RegexField(INSTANCE_ID, help_text="The cloud's ID of the instance.")
    project_id = serializers.RegexField(
        r"^[0-9A-Za-z]{32}$", required=False, help_text="Where two projects of the team have the instance."
    )
    name = serializers.RegexField(NAME, min_length=fields.NAME_MIN, max_length=fields.NAME_MAX)
    description = serializers.RegexField(
        DESCRIPTION,
        required=False,
        allow_blank=True,
        default="",
        max_length=fields.DESCRIPTION_MAX,
        trim_whitespace=False,
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_MAX)
    change_ticket = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=CHANGE_TICKET_MAX
    )
    break_glass = Flag(
        required=False, default=False, help_text="Run without approval; needs the right, a reason, a ticket."
    )

    def validate_name(self, value: str) -> str:
        """The contract's own words for what is wrong."""
        return _checked(value, fields.check_name, allow_chinese=True)

    def validate_description(self, value: str) -> str:
        """The contract's own words for what is wrong."""
        return _checked(value, fields.check_description)


class Word(Strict):
    """A decision. `seen`: the content hash that was read, where the caller has read it."""

    seen = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=COMMENT_MAX)


class Reason(Strict):
    """A "no", and why."""

    seen = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)
    comment = serializers.CharField(max_length=COMMENT_MAX)


class Finding(Strict):
    """What a review has found."""

    comment = serializers.CharField(max_length=COMMENT_MAX)


class Nothing(Strict):
    """No body, or an empty object."""


class ApprovalsSerializer(serializers.Serializer[Any]):
    """How many others must agree."""

    needed = serializers.IntegerField()
    given = serializers.IntegerField()
    approve_by = serializers.DateTimeField(allow_null=True)


class AlarmSerializer(serializers.Serializer[Any]):
    """What a person should look at."""

    kind = serializers.ChoiceField(choices=Alarm.choices)
    detail = serializers.CharField(allow_blank=True)


class ReviewSerializer(serializers.Serializer[Any]):
    """Of what ran without approval: by when another person is to review it, and what was found."""

    review_by = serializers.DateTimeField()
    reviewed_by = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong, in the cloud's words, and what to do."""

    code = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    remedy = serializers.CharField(allow_blank=True)


class AttemptSerializer(serializers.Serializer[Any]):
    """One call to the cloud."""

    number = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    http_status = serializers.IntegerField(allow_null=True)
    error_code = serializers.CharField(allow_blank=True)
    error_message = serializers.CharField(allow_blank=True)
    request_id = serializers.CharField(allow_blank=True)


class BackupSerializer(serializers.Serializer[Any]):
    """A backup. `waits_for` is a sentence; `progress` in percent."""

    @classmethod
    def told(cls, backup: Described) -> dict[str, Any]:
        """Each field as the reading has it: what it is called and what it holds is the same there.

        A serializer's own way would take four times as long as everything else of a list.
        """
        return {name: getattr(backup, name) for name in cls._declared_fields}

    id = serializers.UUIDField()
    instance_id = serializers.CharField()
    instance_name = serializers.CharField()
    project_id = serializers.CharField()
    team = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=Status.choices)
    source = serializers.ChoiceField(choices=Source.choices)
    revision = serializers.IntegerField()
    requested_by = serializers.CharField(allow_null=True)
    requested_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    change_ticket = serializers.CharField(allow_blank=True)
    content_hash = serializers.CharField(allow_blank=True)
    approvals = ApprovalsSerializer()
    waits_for = serializers.CharField(allow_null=True)
    break_glass = ReviewSerializer(allow_null=True)
    alarm = AlarmSerializer(allow_null=True)
    cloud_id = serializers.CharField(allow_null=True)
    begin_time = serializers.DateTimeField(allow_null=True)
    end_time = serializers.DateTimeField(allow_null=True)
    size_mb = serializers.FloatField(allow_null=True)
    progress = serializers.IntegerField(allow_null=True)
    needs_decision_at = serializers.DateTimeField(allow_null=True)
    is_final = serializers.BooleanField()
    error = ErrorSerializer(allow_null=True)
    attempts = AttemptSerializer(many=True)
    url = serializers.CharField(help_text="The page for a person.")


class BackupPage(serializers.Serializer[Any]):
    """A page of the history, and the address of the next one."""

    results = BackupSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class BackupList(serializers.Serializer[Any]):
    """Some backups."""

    results = BackupSerializer(many=True)


def _checked(value: str, check: Any, **options: Any) -> str:
    try:
        check(value, **options)
    except Violation as violation:
        raise serializers.ValidationError(_(violation.template) % violation.params) from violation
    return value
