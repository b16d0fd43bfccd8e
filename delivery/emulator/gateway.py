"""The front: answers the emulated operations itself and hands everything else to moto.

Requests are answered one at a time. moto is plain Python that keeps its state in unguarded dictionaries, so
threads would gain nothing and two Terraform processes could trip over each other.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam.models import iam_backends
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import get_input_stream

from delivery.emulator.protocol import Environ, Exchange, Response, Signature, replay, signing_name
from delivery.emulator.service import AwsError, Call, Operation, PassToMoto, Service
from delivery.emulator.store import Store
from delivery.emulator.validation import faults

Application = Callable[[Environ, Any], Iterable[bytes]]
RESET = "/moto-api/reset"
INVOCATION = "HTTP_AMZ_SDK_INVOCATION_ID"
REMEMBERED = 500
_log = logging.getLogger("delivery.emulator")


class Gateway:
    """WSGI application in front of moto's.

    Guarantees: a request belongs to the account of its access key, and to the management account when the key is
    none that AssumeRole gave out; a client that lost an answer and asks again gets that answer, and nothing is done
    twice (SDKs number their invocations); input and answer of an emulated operation agree with the service model;
    what moto does not know or trips over is answered at once with an error that a client does not retry.
    """

    def __init__(self, moto: Application, services: Iterable[Service], store: Store, management_account: str) -> None:
        self._moto = moto
        self._store = store
        self._management_account = management_account
        self._turn = threading.Lock()
        self._answered: OrderedDict[str, Response] = OrderedDict()
        self._services: dict[str, list[Service]] = defaultdict(list)
        for service in services:
            for other in self._services[signing_name(service.name)]:
                if twice := other.operations.keys() & service.operations.keys() if other.name == service.name else ():
                    raise ValueError(f"{service.name}: {', '.join(sorted(twice))} is answered by two files")
            self._services[signing_name(service.name)].append(service)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Read whole before taking the turn: a slow sender must not hold up the others.
        body = get_input_stream(environ).read()
        with self._turn:
            status, headers, content = self._respond_once(environ, body)
        start_response(status, headers)
        return [content]

    def _respond_once(self, environ: Environ, body: bytes) -> Response:
        invocation = str(environ.get(INVOCATION, ""))
        if invocation in self._answered:
            return self._answered[invocation]
        response = self._respond(environ, body)
        if invocation and response[0].startswith("2"):
            self._answered[invocation] = response
            if len(self._answered) > REMEMBERED:
                self._answered.popitem(last=False)
        return response

    def _respond(self, environ: Environ, body: bytes) -> Response:
        signature = Signature.of(environ)
        account = self._account(signature)
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
        if environ.get("PATH_INFO") == RESET:
            self._store.clear()
        exchange, operation = self._find(signature, environ, body)
        if signature is not None and exchange is not None and operation is not None:
            try:
                endpoint = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
                return self._answer(exchange, operation, account, signature, endpoint)
            except PassToMoto:
                _log.debug("%s is left to moto", exchange.name)
        return self._ask_moto(environ, body, exchange)

    def _account(self, signature: Signature | None) -> str:
        if signature is not None:
            for account, partitions in list(iam_backends.items()):
                if any(signature.access_key in iam.access_keys for iam in partitions.values()):
                    return str(account)
        return self._management_account

    def _find(
        self, signature: Signature | None, environ: Environ, body: bytes
    ) -> tuple[Exchange | None, Operation | None]:
        exchange = None
        for service in self._services.get(signature.signing_name, ()) if signature else ():
            try:
                exchange = Exchange(service.name, environ, body)
            except NotFound:
                continue
            if exchange.name in service.operations:
                return exchange, service.operations[exchange.name]
        return exchange, None

    def _answer(self, exchange: Exchange, operation: Operation, account: str, by: Signature, endpoint: str) -> Response:
        model = exchange.operation
        try:
            params = exchange.params()
            wrong = list(faults(model.input_shape, params)) if model.input_shape else []
            if wrong:
                raise AwsError("ValidationException", "; ".join(wrong))
            name = model.service_model.service_name
            call = Call(name, exchange.name, account, by.region, params, self._store, by.access_key, endpoint)
            answer = operation(call)
            wrong = list(faults(model.output_shape, answer)) if model.output_shape else []
            if wrong:
                raise ValueError(f"the answer is not of this service: {'; '.join(wrong)}")
            return exchange.write(answer)
        except PassToMoto:
            raise
        except ServiceException as error:  # ours, or one of moto's classes that an operation used
            return exchange.write(error)
        except Exception as error:  # a fault of the emulator must be told, and must not be retried for minutes
            return self._fault(exchange, f"{type(error).__name__}: {error}")

    def _ask_moto(self, environ: Environ, body: bytes, exchange: Exchange | None) -> Response:
        head: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            head.append((status, headers))

        try:
            content = b"".join(self._moto(replay(environ, body), start_response))
        except Exception as error:  # moto raises for what it does not know, and where it has a fault
            exchange = exchange or Exchange.guess(environ, body)
            return self._fault(exchange, f"moto cannot answer this request: {type(error).__name__}: {error}")
        status, headers = head[-1]
        return status, headers, content

    def _fault(self, exchange: Exchange | None, message: str) -> Response:
        request = f"{exchange.operation.service_model.service_name}:{exchange.name}" if exchange else "request"
        text = f"{request}: {message}; see delivery/emulator/README.md on how to add an operation"
        _log.exception(text)
        if exchange is not None:
            return exchange.write(AwsError("EmulatorFault", text))
        content = f"EmulatorFault: {text}\n".encode()
        return "400 ", [("Content-Type", "text/plain"), ("Content-Length", str(len(content)))], content
