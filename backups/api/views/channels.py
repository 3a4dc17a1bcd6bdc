"""The ways by which the team is told: for its admins."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api.authentication import token_of
from backups.api.schema import described
from backups.api.serializers.backups import Nothing
from backups.api.serializers.channels import (
    ChangedChannel,
    ChannelList,
    ChannelSerializer,
    DeliveryFilters,
    DeliveryPage,
    DeliverySerializer,
    NewChannel,
)
from backups.api.views.resource import Resource, following, foreign_cursor, read
from backups.models import Channel, Occasion, Scope, Service
from backups.operations import channels, rights
from backups.queries import deliveries
from backups.secrecy.secret import Secret


class Channels(Resource):
    """The channels of the team."""

    scopes: ClassVar = {"GET": Scope.MANAGE, "POST": Scope.MANAGE}

    @described("List channels", reply=ChannelList)
    def get(self, request: Request) -> Response:
        """The channels in use, by name."""
        token = token_of(request)
        rights.require(token.user, "manage_team", token.team)
        return Response(ChannelList({"results": deliveries.channels(token.team)}).data)

    @described("Make a channel", body=NewChannel, reply=ChannelSerializer, status=201)
    def post(self, request: Request) -> Response:
        """Its address and its secret are sealed, and never shown again."""
        token, asked = token_of(request), read(NewChannel, request.data)
        made = channels.add(token.team, _draft(asked), by=token.user, at=timezone.now())
        return Response(ChannelSerializer(made).data, status=201)


class OneChannel(Resource):
    """One channel."""

    scopes: ClassVar = {"GET": Scope.MANAGE, "PATCH": Scope.MANAGE, "DELETE": Scope.MANAGE}

    @described("Show a channel", reply=ChannelSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """What it tells of, and whether it works."""
        return Response(ChannelSerializer(_channel(request, pk)).data)

    @described("Change a channel", body=ChangedChannel, reply=ChannelSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        """What is left out stays, secrets too. The way itself stays: another one is another channel."""
        asked, channel = read(ChangedChannel, request.data), _channel(request, pk)
        kept = {"name": channel.name, "occasions": [Occasion(each) for each in channel.occasions]}
        draft = _draft({**kept, "service": channel.service, **asked})
        channels.change(channel, draft, by=token_of(request).user, at=timezone.now())
        return Response(ChannelSerializer(channel).data)

    @described("Remove a channel", status=204, deletes=True)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Tell nothing more by this way; what waits to be sent is given up."""
        channels.remove(_channel(request, pk), by=token_of(request).user, at=timezone.now())
        return Response(status=204)


class TestChannel(Resource):
    """Trying a channel."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Test a channel", body=Nothing, reply=DeliverySerializer, status=202)
    def post(self, request: Request, pk: UUID) -> Response:
        """Have a test delivered as everything else is, soon: its deliveries tell what became of it."""
        read(Nothing, request.data)
        sent = channels.send_test(_channel(request, pk), by=token_of(request).user, at=timezone.now())
        return Response(DeliverySerializer(sent).data, status=202)


class Deliveries(Resource):
    """What a channel told."""

    scopes: ClassVar = {"GET": Scope.MANAGE}

    @described("List deliveries", query=DeliveryFilters, reply=DeliveryPage)
    def get(self, request: Request, pk: UUID) -> Response:
        """What a channel told, newest first, and what still waits."""
        asked, channel = read(DeliveryFilters, request.query_params), _channel(request, pk)
        try:
            before = UUID(asked["cursor"]) if "cursor" in asked else None
        except ValueError as error:
            raise foreign_cursor() from error
        page = deliveries.of_channel(channel, state=asked.get("state", ""), before=before)
        return Response(
            DeliveryPage({"results": page.rows, "next": following(request, page.next_before)}).data
        )


class Replay(Resource):
    """Sending again."""

    scopes: ClassVar = {"POST": Scope.MANAGE}

    @described("Send a delivery again", body=Nothing, reply=DeliverySerializer, status=202)
    def post(self, request: Request, pk: UUID, delivery: UUID) -> Response:
        """Have what was delivered, or given up, sent again under its id."""
        read(Nothing, request.data)
        found = _channel(request, pk).deliveries.select_related("channel__team", "notice", "recipient")
        line = found.filter(pk=delivery).first()
        if line is None:
            raise Http404
        channels.replay(line, by=token_of(request).user, at=timezone.now())
        line.refresh_from_db(fields=["state", "next_at", "replayed_at"])
        return Response(DeliverySerializer(line).data, status=202)


def _channel(request: Request, pk: UUID) -> Channel:
    """The channel, if the token's team has it, for an admin."""
    token = token_of(request)
    channel = deliveries.visible_to(token.user).filter(team=token.team, pk=pk).first()
    if channel is None:
        raise Http404
    rights.require(token.user, "manage_team", token.team)
    return channel


def _draft(asked: dict[str, Any]) -> channels.ChannelDraft:
    return channels.ChannelDraft(
        service=Service(asked["service"]),
        name=asked["name"],
        occasions=asked["occasions"],
        target=Secret.of(asked.get("target", "")),
        secret=Secret.of(asked.get("secret", "")),
    )
