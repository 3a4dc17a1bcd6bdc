"""What programs sign in with: told, never shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backups.models import ApiToken, KeyPair, Scope
from backups.operations.access import UNLESS_ASKED


class AccessSerializer(serializers.Serializer[Any]):
    """A token, or a key pair for the cloud's own endpoints. `last_used_at` to the minute."""

    id = serializers.UUIDField()
    kind = serializers.SerializerMethodField()
    username = serializers.CharField(source="user.username")
    name = serializers.CharField()
    hint = serializers.CharField()
    scopes = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field({"type": "string", "enum": ["token", "key_pair"]})
    def get_kind(self, row: ApiToken | KeyPair) -> str:
        """Which of the two."""
        return "token" if isinstance(row, ApiToken) else "key_pair"

    @extend_schema_field({"type": "array", "items": {"type": "string", "enum": Scope.values}})
    def get_scopes(self, row: ApiToken | KeyPair) -> list[str]:
        """What it is good for."""
        return list(row.scopes if isinstance(row, ApiToken) else UNLESS_ASKED)


class AccessList(serializers.Serializer[Any]):
    """What opens something still, the newest first."""

    results = AccessSerializer(many=True)
