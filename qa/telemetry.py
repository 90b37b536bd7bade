"""Libraries that report to their makers are told not to."""

import os
import sys

HAYSTACK_VARIABLE = "HAYSTACK_TELEMETRY_ENABLED"


def silence_haystack() -> None:
    """Keep Haystack from reporting, imported already or not, unless its variable is set."""
    if HAYSTACK_VARIABLE in os.environ:
        return
    os.environ[HAYSTACK_VARIABLE] = "false"
    reporting = sys.modules.get("haystack.telemetry._telemetry")
    if reporting is not None:
        reporting.telemetry = None  # type: ignore[attr-defined]
