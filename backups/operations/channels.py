"""The ways by which a team is told: made, changed, tested and removed by its admins."""

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import apprise
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backups import cloud
from backups.models import Channel, Delivery, DeliveryState, Notice, Occasion, Service, Team, User
from backups.operations import audit, rights, vault, wake
from backups.operations.refusals import Refused
from backups.queries import approvers
from backups.secrecy.secret import Secret

SIGNING_PREFIX = "whsec_"
LEAST_SIGNING_BYTES, MOST_SIGNING_BYTES = 24, 64
HINT_CHARACTERS, HOST_CHARACTERS = 4, 200
ADDRESS_MAX = 254

# Strict forms of what each service hands out: nothing else leads anywhere, least of all into our own network.
ADDRESSES = {
    Service.SLACK: re.compile(r"https://hooks\.slack(-gov)?\.com/services/\w+/\w+/\w+"),
    Service.TEAMS: re.compile(
        r"https://[a-z0-9.-]+\.(logic\.azure|environment\.api\.powerplatform)\.com(:443)?/[\w/.?=&%+-]+"
    ),
    Service.DINGTALK: re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=(?P<token>\w+)"),
    Service.FEISHU: re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/(?P<token>[\w-]+)/?"),
    Service.WECOM: re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[\w-]+"),
}


class ChannelRefused(Refused):
    """The channel is not made so; `field` says where the mistake is."""


@dataclass(frozen=True, slots=True)
class ChannelDraft:
    """A channel as a person typed it; of a stored one, no target and no secret mean those it has."""

    service: Service
    name: str
    occasions: Sequence[Occasion]
    target: Secret | None = None
    secret: Secret | None = None


@audit.act
def add(team: Team, draft: ChannelDraft, *, by: User, at: datetime) -> Channel:
    """Make a channel; raises `rights.RightError` and `ChannelRefused`."""
    rights.require(by, "manage_team", team)
    channel = Channel(team=team, service=draft.service)
    _fill(channel, draft)
    _save(channel)
    _record(channel, "channel_added", by=by, at=at)
    return channel


@audit.act
def change(channel: Channel, draft: ChannelDraft, *, by: User, at: datetime) -> None:
    """Change a channel; another address asks for the secret again. Raises as `add` does."""
    rights.require(by, "manage_team", channel.team)
    if draft.target and draft.secret is None and channel.secret_sealed is not None:
        raise ChannelRefused("invalid", _("Another address needs its secret again."), "secret")
    _fill(channel, draft)
    # What failed with the old address may work with the new one.
    channel.failures, channel.retry_at = 0, None
    _save(channel)
    _record(channel, "channel_changed", by=by, at=at)


@audit.act
def remove(channel: Channel, *, by: User, at: datetime) -> None:
    """Tell nothing more by this way; what waits is given up, the log is kept."""
    rights.require(by, "manage_team", channel.team)
    if Channel.objects.in_use().filter(pk=channel.pk).update(removed_at=at):
        waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING)
        waiting.update(state=DeliveryState.GIVEN_UP, failure=_("The channel was removed."))
        _record(channel, "channel_removed", by=by, at=at)


@audit.act
def replay(delivery: Delivery, *, by: User, at: datetime) -> None:
    """Have what was delivered, or given up, sent again under its id; raises `RightError`, `ChannelRefused`.

    It is tried at once, as a test is, and for a day as if it were new.
    """
    rights.require(by, "manage_team", delivery.channel.team)
    # Whoever removes the channel at this moment has the row first, or gives up what waits from here on.
    if not Channel.objects.in_use().filter(pk=delivery.channel_id).update(retry_at=None):
        raise ChannelRefused("removed", _("The channel was removed: nothing more is sent by it."))
    _require_member(delivery)
    ended = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.WAITING)
    if not ended.update(state=DeliveryState.WAITING, next_at=at, replayed_at=at):
        raise ChannelRefused("waiting", _("It still waits to be sent."))
    _record(delivery.channel, "delivery_replayed", by=by, at=at, delivery=str(delivery.pk))
    wake.deliver()


@transaction.atomic
def send_test(channel: Channel, *, by: User, at: datetime) -> Delivery:
    """Have a test delivered as everything else is, to `by` where the channel reaches the people concerned."""
    rights.require(by, "manage_team", channel.team)
    is_to_people = channel.service == Service.EMAIL and channel.target_sealed is None
    notice = Notice.objects.create(team=channel.team, at=at, addressed_at=at)
    Channel.objects.filter(pk=channel.pk).update(retry_at=None)
    wake.deliver()
    return Delivery.objects.create(
        notice=notice,
        channel=channel,
        recipient=by if is_to_people else None,
        address=by.email if is_to_people else "",
        next_at=at,
    )


def new_signing_secret() -> str:
    """A secret in the form of the Standard Webhooks specification."""
    return SIGNING_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signing_key(secret: Secret) -> bytes:
    """The bytes to sign with; raises `ChannelRefused` for a secret of another form."""
    told = secret.reveal()
    try:
        key = base64.b64decode(told.removeprefix(SIGNING_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not told.startswith(SIGNING_PREFIX) or not LEAST_SIGNING_BYTES <= len(key) <= MOST_SIGNING_BYTES:
        raise ChannelRefused(
            "invalid", _("A signing secret is “whsec_” and 24 to 64 bytes in base64."), "secret"
        )
    return key


def plugin(service: Service, target: Secret, secret: Secret | None) -> apprise.NotifyBase:
    """What speaks to a chat service; raises `ChannelRefused` where the address is not of its form."""
    found = ADDRESSES[service].fullmatch(target.reveal())
    url = target.reveal()
    if found and service == Service.DINGTALK:
        url = f"dingtalk://{secret.reveal() + '@' if secret else ''}{found['token']}"
    elif found and service == Service.FEISHU:
        url = f"feishu://{found['token']}"
    made = apprise.Apprise.instantiate(url) if found else None
    if made is None:
        raise ChannelRefused(
            "invalid",
            _("This is not the webhook address that %(service)s gives.") % {"service": service.label},
            "target",
        )
    return made


def webhook_guard() -> cloud.Guard:
    """The cloud's guard, for any public host over https and the operator's own origins."""
    return cloud.Guard(settings.WEBHOOK_ORIGINS, is_expected=lambda _host: True)


def _fill(channel: Channel, draft: ChannelDraft) -> None:
    if not draft.name.strip():
        raise ChannelRefused("invalid", _("Give it a name."), "name")
    _check_occasions(channel, draft)
    channel.name = draft.name.strip()
    channel.occasions = list(draft.occasions)
    if draft.target:
        _check_target(channel, draft)
        vault.seal_field(channel, "target", draft.target)
        channel.target_hint = _hint(channel, draft.target)
    elif channel.target_sealed is None and channel.service != Service.EMAIL:
        raise ChannelRefused("invalid", _("An address is needed."), "target")
    if draft.secret:
        if channel.service == Service.WEBHOOK:
            signing_key(draft.secret)
        vault.seal_field(channel, "secret", draft.secret)
    elif channel.secret_sealed is None and channel.service == Service.WEBHOOK:
        raise ChannelRefused("invalid", _("A webhook is signed: a secret is needed."), "secret")


def _check_occasions(channel: Channel, draft: ChannelDraft) -> None:
    if not draft.occasions:
        raise ChannelRefused("invalid", _("Choose at least one occasion."), "occasions")
    for occasion in set(draft.occasions).difference(Service(channel.service).occasions):
        told = _("Only a signed webhook tells of “%(occasion)s”.") % {"occasion": occasion.label}
        raise ChannelRefused("invalid", told, "occasions")


def _check_target(channel: Channel, draft: ChannelDraft) -> None:
    target = draft.target or Secret("")
    match Service(channel.service):
        case Service.EMAIL:
            try:
                # All of it is the hint, and stands with each delivery.
                MaxLengthValidator(ADDRESS_MAX)(target.reveal())
                validate_email(target.reveal())
            except ValidationError as error:
                raise ChannelRefused("invalid", " ".join(error.messages), "target") from None
        case Service.WEBHOOK:
            try:
                parts = urlsplit(target.reveal())
                webhook_guard().origin(f"{parts.scheme}://{parts.netloc}")
            # What is no address at all, such as "https://[", is a mistake of the same kind.
            except (cloud.EndpointRefused, ValueError):
                told = _("An address begins with https:// and a public host, or one the operator allows.")
                raise ChannelRefused("invalid", told, "target") from None
        case service:
            plugin(service, target, draft.secret)


def _hint(channel: Channel, target: Secret) -> str:
    """Enough to know it again, and no secret: chat services hide theirs in the path."""
    if channel.service == Service.EMAIL:
        return target.reveal()
    return f"{urlsplit(target.reveal()).netloc[:HOST_CHARACTERS]} …{target.reveal()[-HINT_CHARACTERS:]}"


def _save(channel: Channel) -> None:
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        taken = _("The team already has a channel “%(name)s”.") % {"name": channel.name}
        raise ChannelRefused("taken", taken, "name") from None


def _require_member(delivery: Delivery) -> None:
    """What was told to a person of the team is not told again to one who has left it."""
    person, members = delivery.recipient, approvers.active_members(delivery.channel.team)
    if person and not members.filter(user=person).exists():
        told = _("%(person)s is no longer in the team.") % {"person": person.display_name}
        raise ChannelRefused("left", told)


def _record(channel: Channel, verb: str, *, by: User, at: datetime, **about: str) -> None:
    data = {"name": channel.name, "service": channel.service, "target": channel.target_hint, **about}
    audit.record(verb, team_id=channel.team_id, at=at, by=by, data=data)
