"""Backups: asked for, listed, waited for, decided, taken back, settled."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from backups.api import waiting
from backups.api.authentication import token_of
from backups.api.schema import described, key_header
from backups.api.serializers.backups import (
    BackupPage,
    BackupSerializer,
    Filters,
    Finding,
    NewBackup,
    Nothing,
    Reason,
    Waiting,
    Word,
)
from backups.api.views.resource import Resource, following, foreign_cursor, read
from backups.models import ApiToken, Backup, Instance, Scope
from backups.models.states import FINAL
from backups.operations import alarms, creation, decisions, glass, rights, settling
from backups.operations.refusals import Refused
from backups.queries import described as reading
from backups.queries.selection import HistoryFilters
from backups.queries.sorting import NEWEST_FIRST, SORTS, CursorError

KEY_MAX = 255
NOWHERE = UUID(int=0)
"""An instance that nobody has: what is asked of another team, or of an unknown instance, is empty."""


class Backups(Resource):
    """The history, and asking for a backup."""

    scopes: ClassVar = {"GET": Scope.READ, "POST": Scope.REQUEST}

    @described("List backups", query=Filters, reply=BackupPage)
    def get(self, request: Request) -> Response:
        """The history of the token's team, filtered and sorted as the history page, in keyset pages."""
        token = token_of(request)
        asked = read(Filters, request.query_params)
        try:
            page = reading.page(
                token.user,
                filters=_filters(asked, token),
                sort=SORTS.get(asked.get("sort", ""), NEWEST_FIRST),
                before=asked.get("cursor"),
                teams=_teams(asked, token),
                size=asked["limit"],
            )
        except CursorError as error:
            raise foreign_cursor() from error
        return Response(
            {
                "results": [BackupSerializer.told(each) for each in page.rows],
                "next": following(request, page.next_before),
            }
        )

    @described(
        "Ask for a backup", body=NewBackup, reply=BackupSerializer, status=201, parameters=[key_header]
    )
    def post(self, request: Request) -> Response:
        """A backup of an instance: queued, or awaiting approval where a policy asks for it.

        The same `Idempotency-Key` again, with the same body, gives the same backup, with status 200.
        """
        token, asked = token_of(request), read(NewBackup, request.data)
        client_token = _client_token(request.headers.get("Idempotency-Key", ""), token)
        if earlier := creation.made_before(by=token.user, client_token=client_token):
            return _again(earlier[0], asked)
        rights.require(token.user, "create_backup", token.team)
        draft = creation.Draft(
            instance=_instance(token, asked),
            name=asked["name"],
            description=asked["description"],
            reason=asked["reason"],
            change_ticket=asked["change_ticket"],
            breaks_glass=asked["break_glass"],
        )
        now = timezone.now()
        made, *_others = creation.create_backups([draft], by=token.user, at=now, client_token=client_token)
        # Other calls with the same key may have been first, by a moment, also for another instance.
        return _again(made, asked) if made.requested_at != now else _told(made.pk, status=201)


class OneBackup(Resource):
    """One backup."""

    scopes: ClassVar = {"GET": Scope.READ}

    @described("Show a backup", query=Waiting, reply=BackupSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Where it stands; with `wait` once it has ended, or after so many seconds, whatever is first.

        May come back earlier when many callers wait: ask again.
        """
        backup = find(token_of(request), pk)
        waiting.until(backup.pk, FINAL, seconds=read(Waiting, request.query_params)["wait"])
        return _told(pk)


class _Act(Resource):
    """Something that is done with one backup."""

    scopes: ClassVar = {"POST": Scope.REQUEST}

    def do(self, request: Request, pk: UUID, act: Callable[[Backup], None]) -> Response:
        """Do it, and tell how the backup stands then."""
        act(find(token_of(request), pk))
        return _told(pk)


class Approve(_Act):
    """Four eyes: yes."""

    scopes: ClassVar = {"POST": Scope.APPROVE}

    @described("Approve a backup", body=Word, reply=BackupSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Agree to exactly what was asked for; never to one's own request."""
        return self.do(request, pk, _word(request, Word, decisions.approve))


class Reject(_Act):
    """Four eyes: no."""

    scopes: ClassVar = {"POST": Scope.APPROVE}

    @described("Reject a backup", body=Reason, reply=BackupSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Say no, and why; one "no" is enough."""
        return self.do(request, pk, _word(request, Reason, decisions.reject))


class Cancel(_Act):
    """Taking a request back."""

    @described("Cancel a backup", body=Nothing, reply=BackupSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take back what was not sent to the cloud yet."""
        return self.do(request, pk, _plain(request, creation.cancel))


class Resend(_Act):
    """A person settles an uncertain call: again."""

    @described("Send a backup again", body=Nothing, reply=BackupSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Have the call made again, after one more look into the cloud's list."""
        return self.do(request, pk, _plain(request, settling.send_again))


class Close(_Act):
    """A person settles an uncertain call: enough."""

    @described("Close a backup", body=Nothing, reply=BackupSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Give it up without sending it again."""
        return self.do(request, pk, _plain(request, settling.close))


class Review(_Act):
    """Another person looks at a broken glass."""

    scopes: ClassVar = {"POST": Scope.APPROVE}

    @described("Review a break-glass backup", body=Finding, reply=BackupSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Say that one that ran without approval was looked at, and what was found; never one's own."""
        found, token = read(Finding, request.data), token_of(request)
        glass.review(find(token, pk), by=token.user, comment=found["comment"], at=timezone.now())
        return _told(pk)


class SeeAlarm(_Act):
    """A person has seen an alarm."""

    @described("See an alarm", body=Nothing, reply=BackupSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take the alarm off a backup; the events keep it."""
        return self.do(request, pk, _plain(request, alarms.acknowledge))


def find(token: ApiToken, pk: UUID) -> Backup:
    """The backup, if the token's team has it; else 404."""
    mine = Backup.objects.visible_to(token.user).filter(team=token.team)
    related = mine.select_related("team", "instance__project", "instance__team", "requested_by")
    backup = related.filter(pk=pk).first()
    if backup is None:
        raise Http404
    return backup


def _told(pk: UUID, *, status: int = 200) -> Response:
    [backup] = reading.of([pk])
    return Response(BackupSerializer.told(backup), status=status)


def _word(request: Request, kind: Any, decide: Callable[..., None]) -> Callable[[Backup], None]:
    word, token = read(kind, request.data), token_of(request)

    def act(backup: Backup) -> None:
        seen = word.get("seen", backup.content_hash)
        decide(backup, by=token.user, seen=seen, comment=word["comment"], at=timezone.now())

    return act


def _plain(request: Request, operation: Callable[..., None]) -> Callable[[Backup], None]:
    read(Nothing, request.data)
    return lambda backup: operation(backup, by=token_of(request).user, at=timezone.now())


def _again(earlier: Backup, asked: dict[str, Any]) -> Response:
    """What the key has made already; 409 where it was for something else."""
    told = (
        earlier.instance.cloud_id,
        earlier.name,
        earlier.description,
        earlier.reason,
        earlier.change_ticket,
    )
    words = ("instance_id", "name", "description", "reason", "change_ticket")
    if told != tuple(asked[word] for word in words):
        raise Refused("key_reused", _("This Idempotency-Key has asked for something else already."))
    return _told(earlier.pk)


def _client_token(key: str, token: ApiToken) -> UUID:
    """The key as the token of a form: of one person and one team."""
    if len(key) > KEY_MAX:
        raise ValidationError({"Idempotency-Key": [_("At most %(most)d characters.") % {"most": KEY_MAX}]})
    return uuid5(NAMESPACE_URL, f"safepoint:{token.team_id}:{key}") if key else uuid4()


def _instance(token: ApiToken, asked: dict[str, Any]) -> Instance:
    found = Instance.objects.visible_to(token.user).select_related("project", "team")
    mine = found.filter(team=token.team, cloud_id=asked["instance_id"])
    if project_id := asked.get("project_id"):
        mine = mine.filter(project__project_id=project_id)
    # One that is gone answers for itself, but not before one that is there.
    instance = mine.order_by(F("gone_at").asc(nulls_first=True), "project__name").first()
    if instance is None:
        words = _("%(team)s has no instance with this ID.") % {"team": token.team}
        raise Refused("unknown", words, "instance_id")
    return instance


def _teams(asked: dict[str, Any], token: ApiToken) -> tuple[int, ...]:
    return (token.team_id,) if asked.get("team", token.team.slug) == token.team.slug else ()


def _filters(asked: dict[str, Any], token: ApiToken) -> HistoryFilters:
    """What is asked for, in the token's own team; another team's name finds nothing."""
    instances: tuple[UUID, ...] = ()
    if cloud_id := asked.get("instance_id"):
        found = Instance.objects.filter(team=token.team, cloud_id=cloud_id)
        instances = tuple(found.values_list("pk", flat=True)) or (NOWHERE,)
    is_mine = asked.get("team", token.team.slug) == token.team.slug
    return HistoryFilters(
        statuses=tuple(sorted(asked.get("status", ()))),
        team=token.team.slug,
        instances=instances if is_mine else (NOWHERE,),
        environment=asked.get("environment", ""),
        source=asked.get("source", ""),
        person=asked.get("person", ""),
        since=asked.get("since"),
        before=asked.get("until"),
        q=asked.get("q", ""),
        needs_person=asked.get("attention", False),
    )
