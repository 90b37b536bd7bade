"""What a request needs: nothing, that somebody may ask, or that somebody may manage documents."""

from typing import Literal

from ui.person import Role
from ui.route_table import Table

Need = Literal["nothing", "ask", "manage"]

READING = frozenset({"GET", "HEAD"})

OPEN = (
    ("GET", "/ui/{path:path}"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/favicon.ico"),
    ("GET", "/health"),
)
"""What those may who were not let in."""

ASKING = (
    ("POST", "/page/ask"),
    ("POST", "/page/claims"),
    ("POST", "/page/pins/ask"),
    ("PATCH", "/page/conversations/{conversation_id}"),
    ("DELETE", "/page/conversations/{conversation_id}"),
    ("PUT", "/page/turns/{turn_id}/rating"),
    ("POST", "/api/v1/ask"),
    ("POST", "/api/v1/ask/stream"),
    ("POST", "/api/v1/search"),
    ("POST", "/api/v1/claims"),
    ("POST", "/api/v1/receipts"),
    ("POST", "/api/v1/receipts/verify"),
    ("POST", "/api/v1/pins/all/check"),
    ("POST", "/api/v1/conversations"),
    ("POST", "/api/v1/conversations/{conversation_id}/turns"),
    ("PATCH", "/api/v1/conversations/{conversation_id}"),
    ("DELETE", "/api/v1/conversations/{conversation_id}"),
    ("PUT", "/api/v1/turns/{turn_id}/rating"),
    ("POST", "/mcp"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/call/{name}"),
)
"""What changes no document, and who asks therefore may."""

MANAGING = (
    ("POST", "/page/turns/{turn_id}/pin"),
    ("POST", "/page/pins/{pin_id}/accept"),
    ("DELETE", "/page/pins/{pin_id}"),
    ("POST", "/page/documents/upload"),
    ("POST", "/page/documents/add"),
    ("POST", "/page/documents/remove"),
    ("POST", "/page/documents/index"),
    ("POST", "/page/job/cancel"),
    ("POST", "/api/v1/documents"),
    ("DELETE", "/api/v1/documents"),
    ("POST", "/api/v1/sync"),
    ("POST", "/api/v1/folders"),
    ("POST", "/api/v1/jobs/current/cancel"),
    ("POST", "/api/v1/pins"),
    ("DELETE", "/api/v1/pins/{pin_id}"),
)
"""What changes documents, or what is pinned for all.

Whatever writes and stands nowhere here needs the same.
"""

QUESTIONS = (
    ("POST", "/page/ask"),
    ("POST", "/page/claims"),
    ("POST", "/page/pins/ask"),
    ("POST", "/api/v1/ask"),
    ("POST", "/api/v1/ask/stream"),
    ("POST", "/api/v1/search"),
    ("POST", "/api/v1/claims"),
    ("POST", "/api/v1/receipts"),
    ("POST", "/api/v1/receipts/verify"),
    ("POST", "/api/v1/pins"),
    ("POST", "/api/v1/pins/all/check"),
    ("POST", "/api/v1/conversations"),
    ("POST", "/api/v1/conversations/{conversation_id}/turns"),
    ("POST", "/mcp"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/call/{name}"),
)
"""What is work for the models, and counted as a question."""

UPLOADS = (("POST", "/page/documents/upload"), ("POST", "/api/v1/documents"))
"""What may be as large as an upload."""


_OPEN, _ASKING = Table(OPEN), Table(ASKING)


def need(method: str, path: str) -> Need:
    """Return what a request needs. What is not known and writes needs the most."""
    if _OPEN.holds(method, path):
        return "nothing"
    reads = method in READING or _ASKING.holds(method, path)
    return "ask" if reads else "manage"


def may(role: Role, needed: Need) -> bool:
    """Tell whether a role suffices."""
    return needed != "manage" or role == "manage"
