"""Decisions, policies, events, and who calls."""

from typing import Any

from rest_framework import serializers

from backups.api.serializers.strict import MomentField, Strict
from backups.models import Environment, Proposal, Role, Scope, Verdict
from backups.models.approval import LONGEST_HOURS, MOST_APPROVALS


class PageOnly(Strict):
    """Nothing but the place to go on from."""

    cursor = serializers.CharField(required=False, max_length=200, help_text="From `next`.")


class DecisionFilters(PageOnly):
    """Which decisions, newest first."""

    backup = serializers.UUIDField(required=False)


class DecisionSerializer(serializers.Serializer[Any]):
    """One person's word on one backup. `voice`: in whose stead, where another was away."""

    id = serializers.UUIDField()
    backup_id = serializers.UUIDField()
    backup_name = serializers.CharField(source="backup.name")
    person = serializers.CharField(source="person.username")
    voice = serializers.CharField(source="voice.username")
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    comment = serializers.CharField(allow_blank=True)
    content_hash = serializers.CharField()
    at = serializers.DateTimeField()
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField(allow_blank=True)


class DecisionPage(serializers.Serializer[Any]):
    """Decisions, newest first."""

    results = DecisionSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class EventFilters(PageOnly):
    """Which events, newest first."""

    person = serializers.CharField(
        required=False, max_length=150, help_text="User name; “-” for what Safepoint did by itself."
    )
    verb = serializers.CharField(required=False, max_length=64)
    since = MomentField(required=False)
    until = MomentField(required=False, is_end=True)


class EventSerializer(serializers.Serializer[Any]):
    """One act of the audit (`queries.audit.AuditRow`). No actor: Safepoint itself."""

    number = serializers.IntegerField(source="event.number")
    at = serializers.DateTimeField(source="event.at")
    actor = serializers.CharField(source="event.actor.username", allow_null=True, default=None)
    verb = serializers.CharField(source="event.verb")
    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    backup_id = serializers.UUIDField(source="event.backup_id", allow_null=True)
    project = serializers.CharField(source="event.project.name", allow_null=True, default=None)
    from_status = serializers.CharField(source="event.from_status", allow_blank=True)
    to_status = serializers.CharField(source="event.to_status", allow_blank=True)
    address = serializers.CharField(source="event.address", allow_blank=True)
    mac = serializers.CharField(source="event.mac")


class EventPage(serializers.Serializer[Any]):
    """Events, newest first."""

    results = EventSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class MeSerializer(serializers.Serializer[Any]):
    """Who calls, for which team, and what the token is good for."""

    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name")
    is_service = serializers.BooleanField(source="user.is_service")
    team = serializers.CharField(source="team.slug")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), source="membership.roles"
    )
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
    token = serializers.CharField(source="hint")
    expires_at = serializers.DateTimeField()


class NewPolicy(Strict):
    """For which backups how many others must agree; empty conditions match everything."""

    name = serializers.CharField(max_length=100)
    weight = serializers.IntegerField(required=False, min_value=-1000, max_value=1000, default=0)
    environment = serializers.ChoiceField(
        required=False, choices=[*Environment.choices, ("", "every")], default=""
    )
    label = serializers.CharField(required=False, allow_blank=True, max_length=63, default="")
    project = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Our `id` of it."
    )
    weekdays = serializers.ListField(
        required=False, default=list, max_length=7, child=serializers.IntegerField(min_value=1, max_value=7)
    )
    window_from = serializers.TimeField(required=False, allow_null=True, default=None, format="%H:%M")
    window_until = serializers.TimeField(required=False, allow_null=True, default=None, format="%H:%M")
    zone = serializers.CharField(required=False, max_length=64, default="UTC", help_text="An IANA name.")
    approvals = serializers.IntegerField(min_value=0, max_value=MOST_APPROVALS)
    approve_by_hours = serializers.IntegerField(
        required=False, min_value=1, max_value=LONGEST_HOURS, default=24
    )
    run_by_hours = serializers.IntegerField(required=False, min_value=1, max_value=LONGEST_HOURS, default=8)


class PolicySerializer(serializers.Serializer[Any]):
    """A policy in force."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    weight = serializers.IntegerField()
    environment = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)
    project = serializers.UUIDField(source="project_id", allow_null=True)
    weekdays = serializers.ListField(child=serializers.IntegerField())
    window_from = serializers.TimeField(allow_null=True, format="%H:%M")
    window_until = serializers.TimeField(allow_null=True, format="%H:%M")
    zone = serializers.CharField()
    approvals = serializers.IntegerField()
    approve_by_hours = serializers.IntegerField()
    run_by_hours = serializers.IntegerField()


class PolicyList(serializers.Serializer[Any]):
    """The policies in force, the one that wins first."""

    results = PolicySerializer(many=True)


class ProposalSerializer(serializers.Serializer[Any]):
    """A change of the rules, which waits for a second admin, or did."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Proposal.Kind.choices)
    change = serializers.DictField()
    proposed_by = serializers.CharField(source="proposed_by.username")
    proposed_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=Proposal.State.choices)
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)


class ProposalList(serializers.Serializer[Any]):
    """What waits, and the last that were settled."""

    results = ProposalSerializer(many=True)


class ChangeSerializer(serializers.Serializer[Any]):
    """A change of the rules: made, or, in a team with four eyes, proposed to a second admin."""

    is_made = serializers.BooleanField()
    proposal = ProposalSerializer(allow_null=True)
