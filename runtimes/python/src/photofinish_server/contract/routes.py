"""Judges a request in the order of the contract: path, method, parameters."""

from collections.abc import Mapping

from .answer import METHOD_NOT_ALLOWED, NOT_FOUND, Answer, bad_parameter
from .endpoints import Endpoint
from .query import BadParameterError, read_query


class Routes[Handler]:
    """Handlers by endpoint, of whatever style the application has."""

    def __init__(self, handlers: Mapping[Endpoint, Handler]) -> None:
        """Takes one handler for each endpoint served."""
        self._by_path = {endpoint.path: (endpoint.parameters, handler) for endpoint, handler in handlers.items()}

    def judge(self, method: str, path: str, query: str) -> tuple[Handler, list[int | str]] | Answer:
        """The handler and its arguments, or the answer to a request that reaches none."""
        found = self._by_path.get(path)
        if found is None:
            return NOT_FOUND
        if method != "GET":
            return METHOD_NOT_ALLOWED
        parameters, handler = found
        try:
            return handler, read_query(parameters, query)
        except BadParameterError as bad:
            return bad_parameter(bad.args[0])
