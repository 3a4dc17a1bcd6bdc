"""The cloud's own addresses, of both generations."""

from django.urls import path, re_path

from backups.api.gateway import tokens, views
from backups.models import Api

create, listing, nothing = views.CreateBackup.as_view(), views.ListBackups.as_view(), views.Nothing.as_view()

urlpatterns = [
    path("v3/auth/tokens", tokens.SignIn.as_view(), name="gateway-tokens"),
    *(
        route
        for api in Api
        for route in (
            path(
                f"{api.value}/<str:project_id>/backups/create",
                create,
                {"api": api.value},
                f"gateway-create-{api.name}",
            ),
            path(
                f"{api.value}/<str:project_id>/backups",
                listing,
                {"api": api.value},
                f"gateway-list-{api.name}",
            ),
            re_path(rf"^{api.value}/.*$", nothing, name=f"gateway-nothing-{api.name}"),
        )
    ),
]
