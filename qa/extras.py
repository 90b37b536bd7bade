"""Libraries that are there only with an extra: named where they miss, kept from reporting."""

import os
import sys

HAYSTACK_VARIABLE = "HAYSTACK_TELEMETRY_ENABLED"


def missing_extra(extra: str, error: ModuleNotFoundError) -> ModuleNotFoundError:
    """Return the error of a library that is not there, with the way to get it."""
    told = f"{error.name} is not installed; run: pip install 'pinpoint-qa[{extra}]'"
    return ModuleNotFoundError(told, name=error.name)


def silence_haystack() -> None:
    """Keep Haystack from reporting, imported already or not, unless its variable is set."""
    if HAYSTACK_VARIABLE in os.environ:
        return
    os.environ[HAYSTACK_VARIABLE] = "false"
    reporting = sys.modules.get("haystack.telemetry._telemetry")
    if reporting is not None:
        reporting.telemetry = None  # type: ignore[attr-defined]
