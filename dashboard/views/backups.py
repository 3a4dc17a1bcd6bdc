"""The request form, and one backup's page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backups.models import Backup, Source, Status, User
from backups.models.states import FINAL, GOOD
from backups.operations import creation, glass, rights
from backups.operations.refusals import Refused
from backups.queries import consent, evidence, history, timeline, usual, waiting
from dashboard import live
from dashboard.forms import BackupForm
from dashboard.forms.requests import WORDS, is_uuid
from dashboard.people import reader
from dashboard.views.outlook import outlooks


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Ask for a backup of one or more instances."""
    user = reader(request)
    if request.method == "GET":
        now = timezone.localtime()
        initial = {"name": creation.proposed_pattern(now), "instances": request.GET.getlist("instance")}
        return _form_page(request, BackupForm(by=user, initial=initial | _asked_before(request, user)))
    form = BackupForm(request.POST, by=user)
    is_valid = form.is_valid()
    if form.made_before:
        return _made(request, form.made_before)
    if not is_valid:
        return _form_page(request, form, status=422)
    try:
        made = creation.create_backups(
            form.drafts, by=user, at=timezone.now(), client_token=form.cleaned_data["client_token"]
        )
    except creation.DraftsRefused as refused:
        form.tell(refused.problems)
        return _form_page(request, form, status=422)
    except glass.GlassRefused as refused:
        form.tell([{"breaks_glass": [refused.message]}])
        return _form_page(request, form, status=422)
    return _made(request, made)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the field that is being typed, and what would happen now."""
    form = BackupForm(request.POST, by=reader(request))
    form.is_valid()
    touched = request.headers.get("HX-Trigger-Name", "")
    fields = [form[name] for name in form.fields if name in {touched, *_also_judged(touched, form)}]
    foreseen = outlooks(form.drafts, by=form.by, at=timezone.now())
    context = {"form": form, "fields": fields, "outlooks": foreseen}
    return render(request, "backups/form.html#checked", context)


@require_GET
def choose_instances(request: HttpRequest) -> HttpResponse:
    """The instances that match a search by name or id; the chosen ones stay."""
    form = BackupForm(by=reader(request), initial={"instances": request.GET.getlist("instances")})
    q = request.GET.get("search", "").replace("\0", "").strip()
    context = {"form": form, "q": q, "choices": form.choices(q)}
    return render(request, "backups/form.html#choices", context)


@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One backup: where it stands, what happened to it, and what may be done."""
    backup = find(request, pk)
    return render(request, "backups/detail.html", _detail(request, backup))


@require_GET
def show_live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The backup's page again if its revision is another than the reader's, else 204."""
    backup = find(request, pk)
    if request.GET.get("revision") == str(backup.revision):
        return live.nothing_new()
    return render(request, "backups/detail.html#body", _detail(request, backup))


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a backup that was not sent yet."""
    backup = find(request, pk)
    try:
        creation.cancel(backup, by=reader(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The backup is cancelled. Nothing was sent to the cloud."))
    return redirect("backup-detail", pk=pk)


def _made(request: HttpRequest, made: list[Backup]) -> HttpResponse:
    if len(made) == 1:
        return redirect("backup-detail", pk=made[0].pk)
    told = ngettext("%(count)d backup asked for.", "%(count)d backups asked for.", len(made))
    messages.success(request, told % {"count": len(made)})
    return redirect("backup-list")


def find(request: HttpRequest, pk: UUID) -> Backup:
    """The backup, if the reader may see it; else 404."""
    visible = Backup.objects.visible_to(reader(request))
    related = visible.select_related(
        "team", "instance__project", "instance__team", "requested_by", "send_again_by", "reviewed_by"
    )
    return get_object_or_404(related, pk=pk)


def _also_judged(touched: str, form: BackupForm) -> list[str]:
    """Choosing an instance also judges the name, once one was typed; breaking the glass asks for more."""
    if touched == "breaks_glass":
        return ["reason", "change_ticket"]
    if touched != "instances":
        return []
    return (["name"] if form.data.get("name") else []) + (["breaks_glass"] if form.quotas else [])


def _asked_before(request: HttpRequest, user: User) -> dict[str, object]:
    """What an earlier request said; its name only where that is free, for requests are never edited."""
    pk = request.GET.get("again", "")
    if not is_uuid(pk):
        return {}
    asked = Backup.objects.visible_to(user).filter(source=Source.HERE)
    earlier = asked.select_related("instance__project", "instance__team").filter(pk=pk).first()
    if earlier is None:
        return {}
    words = {name: getattr(earlier, name) for name in WORDS}
    if "name" in creation.check(creation.Draft(earlier.instance, **words), by=user):
        del words["name"]
    return words | {"instances": [str(earlier.instance_id)], "earlier": earlier}


def _form_page(request: HttpRequest, form: BackupForm, *, status: int = 200) -> HttpResponse:
    chosen = form.drafts or _drafts_of_initial(form)
    context = {
        "section": "backups",
        "form": form,
        "choices": form.choices(),
        "outlooks": outlooks(chosen, by=form.by, at=timezone.now()),
        "may_ask": rights.teams_where(form.by, "create_backup"),
    }
    return render(request, "backups/form.html", context, status=status)


def _drafts_of_initial(form: BackupForm) -> list[creation.Draft]:
    """What would happen with the instances that a link brought along."""
    if form.is_bound:
        return []
    pattern, description = form.initial["name"], form.initial.get("description", "")
    return [
        creation.Draft(instance, name=creation.name_for(pattern, instance), description=description)
        for instance in form.chosen()
    ]


def _detail(request: HttpRequest, backup: Backup) -> dict[str, object]:
    user, now, is_queued = reader(request), timezone.now(), backup.status == Status.QUEUED
    has_failed = backup.source == Source.HERE and backup.status in FINAL - GOOD
    awaits = backup.status == Status.AWAITING_APPROVAL
    [row] = history.read_rows(Backup.objects.filter(pk=backup.pk))
    told, past = timeline.of(backup), usual.before(backup)
    return {
        "section": "backups",
        "backup": backup,
        "row": row,
        "timeline": told,
        "evidence": evidence.of(backup),
        "closed": next((entry for entry in reversed(told) if entry.verb == "closed"), None),
        "ahead": waiting.ahead_of(backup) if is_queued else None,
        "usual": past,
        "odd": usual.against(_run(backup), past) if backup.status in GOOD else None,
        "consent": consent.of(backup, at=now) if backup.approvals_needed else None,
        "decide": rights.may_decide(user, backup, at=now) if awaits else None,
        "review": glass.may_review(user, backup) if backup.is_break_glass else None,
        "cancel": rights.may(user, "create_backup", backup.team) if is_queued or awaits else None,
        "again": rights.may(user, "create_backup", backup.team) if has_failed else None,
        "settle": rights.may(user, "settle", backup.team) if backup.needs_decision_at or row.alarm else None,
        "now": now,
    }


def _run(backup: Backup) -> usual.Run:
    is_timed = backup.begin_time and backup.end_time
    seconds = (backup.end_time - backup.begin_time).total_seconds() if is_timed else None  # type: ignore[operator]
    return usual.Run(seconds, backup.size_mb)
