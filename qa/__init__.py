"""Questions in, answers with checked citations out.

`from qa import Pinpoint, answer`. Importing this package loads nothing else: each name brings
in its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.aio import AsyncPinpoint
    from qa.api import Pinpoint, answer
    from qa.models import Answer, Citation

__all__ = ["Answer", "AsyncPinpoint", "Citation", "Pinpoint", "answer"]

_MODULES = {
    "Answer": "qa.models",
    "AsyncPinpoint": "qa.aio",
    "Citation": "qa.models",
    "Pinpoint": "qa.api",
    "answer": "qa.api",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value
