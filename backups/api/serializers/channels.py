"""The ways by which a team is told, and what became of what it was told."""

from typing import Any

from rest_framework import serializers

from backups.api.serializers.rules import PageOnly
from backups.api.serializers.strict import Strict
from backups.models import DeliveryState, Occasion, Service

TARGET_MAX, SECRET_MAX = 2000, 200


class ChannelSerializer(serializers.Serializer[Any]):
    """A channel. Where it leads is told by `target_hint` alone, empty where it reaches the people concerned.

    `failures`: how many in a row by now; it is left alone until `retry_at`.
    """

    id = serializers.UUIDField()
    name = serializers.CharField()
    service = serializers.ChoiceField(choices=Service.choices)
    target_hint = serializers.CharField(allow_blank=True)
    occasions = serializers.ListField(child=serializers.ChoiceField(choices=Occasion.choices))
    failures = serializers.IntegerField()
    retry_at = serializers.DateTimeField(allow_null=True)


class ChannelList(serializers.Serializer[Any]):
    """The channels in use, by name."""

    results = ChannelSerializer(many=True)


class ChangedChannel(Strict):
    """What is to be changed of a channel; what is left out stays. Another address needs its secret again."""

    name = serializers.CharField(required=False, max_length=100)
    occasions = serializers.ListField(
        required=False,
        child=serializers.ChoiceField(choices=Occasion.choices),
        min_length=1,
        max_length=len(Occasion),
        help_text="“state”, every change of a status, is told by a signed webhook alone.",
    )
    target = serializers.CharField(
        required=False,
        write_only=True,
        max_length=TARGET_MAX,
        help_text="E-mail: an address, or none for the people concerned; otherwise as the service gives it.",
    )
    secret = serializers.CharField(
        required=False,
        write_only=True,
        max_length=SECRET_MAX,
        help_text="Of a webhook “whsec_” and 24 to 64 bytes in base64; DingTalk: the robot’s, if it has one.",
    )

    def validate_occasions(self, value: list[str]) -> list[Occasion]:
        """Each once, in the order in which they are listed everywhere."""
        return [each for each in Occasion if each in value]


class NewChannel(ChangedChannel):
    """A way to tell the team."""

    name = serializers.CharField(max_length=100)
    service = serializers.ChoiceField(choices=Service.choices)
    occasions = serializers.ListField(
        child=serializers.ChoiceField(choices=Occasion.choices), min_length=1, max_length=len(Occasion)
    )


class DeliveryFilters(PageOnly):
    """Which deliveries, newest first."""

    state = serializers.ChoiceField(required=False, choices=DeliveryState.choices)


class DeliverySerializer(serializers.Serializer[Any]):
    """One notice to one address. No occasion: a test. No recipient: to the channel's own address."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    occasion = serializers.ChoiceField(
        choices=[*Occasion.choices, ("", "test")], allow_blank=True, source="notice.occasion"
    )
    backup_id = serializers.UUIDField(source="notice.backup_id", allow_null=True)
    recipient = serializers.CharField(source="recipient.username", allow_null=True, default=None)
    at = serializers.DateTimeField(source="notice.at")
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField()
    replayed_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    http_status = serializers.IntegerField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)


class DeliveryPage(serializers.Serializer[Any]):
    """Deliveries, newest first."""

    results = DeliverySerializer(many=True)
    next = serializers.CharField(allow_null=True)
