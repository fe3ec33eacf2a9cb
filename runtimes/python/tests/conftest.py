"""What the tests share: the data folder and one running target per model."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from payload import write_payload
from target import MODELS, Target


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `payload.json`."""
    folder = tmp_path_factory.mktemp("data")
    write_payload(folder)
    return folder


@pytest.fixture(scope="session")
def running(data_dir: Path) -> Iterator[Callable[[str], Target]]:
    """Running targets by model, each started once."""
    started: dict[str, Target] = {}
    with ExitStack() as stack:

        def target(model: str) -> Target:
            if model not in started:
                started[model] = stack.enter_context(Target(model, data_dir))
            return started[model]

        yield target


@pytest.fixture(params=MODELS)
def target(request: pytest.FixtureRequest, running: Callable[[str], Target]) -> Target:
    """Each model in turn."""
    return running(request.param)
