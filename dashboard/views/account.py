"""Signing in, and the first admin."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from backups.operations import setup
from dashboard.forms import FirstAdminForm


@method_decorator(login_not_required, name="dispatch")
class SignInView(LoginView):
    """Signs in with name and password; an empty Safepoint leads to its first admin."""

    template_name = "account/sign_in.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Lead to the first page while nobody can sign in."""
        if setup.needs_first_admin():
            return redirect("first-admin")
        return super().dispatch(request, *args, **kwargs)


@login_not_required
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Make the first admin of an empty Safepoint."""
    if not setup.needs_first_admin():
        return redirect("sign-in")
    form = FirstAdminForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = setup.create_first_admin(**form.cleaned_data, at=timezone.now())
        except setup.SetupRefused as refused:
            form.add_error(refused.field, refused.message)
        else:
            login(request, user)
            return redirect("project-new")
    return render(request, "account/welcome.html", {"form": form}, status=422 if form.errors else 200)
