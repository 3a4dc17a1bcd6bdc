"""The list as Django REST framework has it out of the box: a ModelViewSet, pages by number, rows counted."""

from typing import Any, ClassVar

from django.contrib.auth.decorators import login_not_required
from rest_framework.pagination import PageNumberPagination
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from backups.models import Backup


class Pages(PageNumberPagination):
    """As many rows a page as the product's own list."""

    page_size = 50


class BackupSerializer(ModelSerializer[Backup]):
    """Every column."""

    class Meta:
        model = Backup
        fields: ClassVar = "__all__"


class Backups(ModelViewSet[Backup]):
    """Every backup, the newest first; nobody has to sign in, which costs nothing."""

    queryset = Backup.objects.order_by("-id")
    serializer_class = BackupSerializer
    pagination_class = Pages
    permission_classes = ()
    schema: Any = None


backups = login_not_required(Backups.as_view({"get": "list"}))
