"""Between HTTP and the service models: which operation a request is, its parameters, and an answer's bytes."""

from __future__ import annotations

import io
import re
import uuid
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

Environ = dict[str, Any]
Response = tuple[str, list[tuple[str, str]], bytes]
_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Signature:
    """What a request's signature says of its sender."""

    access_key: str
    region: str
    signing_name: str

    @classmethod
    def of(cls, environ: Environ) -> Signature | None:
        """None for a request that is not signed in its Authorization header."""
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        return cls(*scope.groups()) if scope else None


def replay(environ: Environ, body: bytes) -> Environ:
    """The request once more, with its body unread."""
    return {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.input_terminated": True}


def signing_name(service: str) -> str:
    """The name that requests to the botocore service `service` are signed for."""
    return str(get_service_model(service).signing_name)


def _whole_target(environ: Environ, model: Any) -> Environ:
    """The request with its target as botocore's model writes it.

    CloudTrail's model puts a package before the target, which the SDK that Terraform uses leaves out.
    """
    prefix, target = str(model.metadata.get("targetPrefix", "")), str(environ.get("HTTP_X_AMZ_TARGET", ""))
    short = prefix.rpartition(".")[2]
    whole = prefix + target.removeprefix(short) if target.startswith(f"{short}.") else target
    return {**environ, "HTTP_X_AMZ_TARGET": whole} if whole != target else environ


class Exchange:
    """One request read as an operation of one service, and the writer of its answer."""

    def __init__(self, service: str, environ: Environ, body: bytes) -> None:
        """Raises NotFound when the request is no operation of this service."""
        model = get_service_model(service)
        self._request = Request(replay(_whole_target(environ, model), body))
        self._body = body
        try:
            self.operation, self._path_params = get_service_router(service).match(self._request)
            self._protocol = determine_request_protocol(model, self._request.content_type)
        except NotImplementedError as error:
            raise NotFound(str(error)) from None
        self.name = str(self.operation.name)

    @classmethod
    def guess(cls, environ: Environ, body: bytes) -> Exchange | None:
        """The exchange of a service that nobody registered, if it is named as it signs; for telling errors."""
        signature = Signature.of(environ)
        try:
            return cls(signature.signing_name, environ, body) if signature else None
        except (UnknownServiceError, NotFound):
            return None

    def params(self) -> dict[str, Any]:
        """The parameters by their names in the service model; absent ones are left out."""
        parsed: dict[str, Any] = PROTOCOL_PARSERS[self._protocol](self.operation).parse(
            {
                "method": self._request.method,
                "values": self._request.values,
                "headers": self._request.headers,
                "body": self._body,
                "url_path": self._request.path,
                "url_params": self._path_params,
            }
        )
        return {name: value for name, value in parsed.items() if value is not None and not self._unsent(name, value)}

    def _unsent(self, name: str, value: Any) -> bool:
        """Whether the parser made it up: a list of a query string that is not there is read as an empty one."""
        location: str | None = self.operation.input_shape.members[name].serialization.get("location")
        return value == [] and location == "querystring"

    def write(self, result: dict[str, Any] | ServiceException) -> Response:
        """The HTTP response that carries `result`, an answer or an error, in the protocol of the request."""
        serializer = get_serializer_class(self.operation.service_model.service_name, self._protocol)(self.operation)
        written = serializer.serialize(result)
        content = written["body"]
        content = content.encode() if isinstance(content, str) else content
        headers = [(name, str(value)) for name, value in written["headers"].items()]
        headers += [("x-amzn-RequestId", str(uuid.uuid4())), ("Content-Length", str(len(content)))]
        return f"{written['status_code']} ", headers, content
