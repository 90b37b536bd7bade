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
    from qa.receipt import Receipt
    from qa.receipt_file import read_receipt
    from qa.verification import Verification, verify

__all__ = [
    "Answer",
    "AsyncPinpoint",
    "Citation",
    "Pinpoint",
    "Receipt",
    "Verification",
    "answer",
    "read_receipt",
    "verify",
]

_MODULES = {
    "Answer": "qa.models",
    "AsyncPinpoint": "qa.aio",
    "Citation": "qa.models",
    "Pinpoint": "qa.api",
    "Receipt": "qa.receipt",
    "Verification": "qa.verification",
    "answer": "qa.api",
    "read_receipt": "qa.receipt_file",
    "verify": "qa.verification",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value
