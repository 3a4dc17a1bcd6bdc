"""What every resource is: open to tokens alone, counted, JSON both ways, and 304 for what a caller has."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import conditional_page
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from backups.api.authentication import BearerAuthentication, HasScope
from backups.api.problems import answer
from backups.api.throttling import Allowance, TokenThrottle
from backups.operations.refusals import Refused

S = TypeVar("S", bound=Serializer[Any])


class Json(JSONParser):
    """JSON that Python's parser reads without falling over."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """What the body says; raises `ParseError`, also for what is nested without end, or half a character.

        It is UTF-8, whatever charset it claims: some that Python knows unpack, to any size.
        """
        try:
            told = super().parse(stream, media_type, {**parser_context, "encoding": "utf-8"})
            json.dumps(told, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("JSON parse error: nested too deeply") from error
        except UnicodeEncodeError as error:
            raise ParseError("JSON parse error: half of a surrogate pair") from error
        return told


class NoLengthError(APIException):
    """A body in chunks, which Django passes over: nothing of it would count, without a word."""

    status_code = 411
    default_code = "no_length"
    default_detail = gettext_lazy("Send the body with its Content-Length, not in chunks.")


def require_length(request: Request) -> None:
    """Raise `NoLengthError` for a body in chunks."""
    if "Transfer-Encoding" in request.headers:
        raise NoLengthError


class AlwaysJson(DefaultContentNegotiation):
    """Whatever a client accepts: there is one form, and an error tells more than 406."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first and only one."""
        return renderers[0], renderers[0].media_type


class Resource(APIView):
    """A resource. `scopes`: what a token needs for each method."""

    scopes: ClassVar[Mapping[str, str]] = {}
    authentication_classes = (BearerAuthentication,)
    permission_classes = (HasScope,)
    throttle_classes = (TokenThrottle,)
    parser_classes = (Json,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysJson
    metadata_class = None  # what there is stands in the document: OPTIONS is one more method that is not

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls, whether he may, how often; and a body that can be read."""
        super().initial(request, *args, **kwargs)
        require_length(request)

    def get_exception_handler(self) -> Any:
        """Every error in one form."""
        return answer

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view: no sign-in page for programs, and an ETag on what they read."""
        return login_not_required(conditional_page(super().as_view(**initkwargs)))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Say how many calls are left, and that nobody keeps a copy for others."""
        told = super().finalize_response(request, response, *args, **kwargs)
        allowance: Allowance | None = getattr(request._request, "allowance", None)
        for name, value in (allowance.headers if allowance else {}).items():
            told.headers[name] = value
        told.headers.setdefault("Cache-Control", "private, no-cache")
        return told


def read(kind: type[S], data: Any) -> Any:
    """The checked values of a body or query; raises `ValidationError`, answered with 400."""
    serializer = kind(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def following(request: Request, cursor: object | None) -> str | None:
    """The address of the next page, the same call with `cursor`, or None; its host is the site's own."""
    if cursor is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = str(cursor)
    return f"{settings.SITE_URL}{request.path}?{query.urlencode()}"


def foreign_cursor() -> Refused:
    """What is said to a cursor that no list of ours has made: its form is right, for any text is."""
    return Refused("cursor", _("This cursor is none of ours."), "cursor")
