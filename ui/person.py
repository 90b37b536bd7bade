"""Who sends a request, as the door found out, for all that comes after it."""

import re
from dataclasses import dataclass
from typing import Literal

from starlette.datastructures import Headers
from starlette.types import Scope

Role = Literal["ask", "manage"]
"""What somebody may do: ask questions, or also manage the documents."""

_KEY = "pinpoint.person"
_OF_PROXIES = re.compile(r"forwarded|via|x-forwarded-.*|.*-ip")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in; the name is empty where nobody is asked for one."""

    name: str
    role: Role


ANYBODY = Person("", "manage")
"""Whoever sits at the machine, where there is nobody in the access file."""


def with_person(scope: Scope, person: Person | None) -> Scope:
    """Return the request's scope with the person noted in it."""
    scope[_KEY] = person
    return scope


def person_of(scope: Scope) -> Person | None:
    """Return the person of a request; None for one that nobody was let in with."""
    found = scope.get(_KEY)
    return found if isinstance(found, Person) else None


def client_of(scope: Scope) -> str:
    """Return the name by which a client is counted: the person's, else the address.

    Addresses of IPv6 count by their first 64 bits, of which a machine may have all the rest.
    """
    person = person_of(scope)
    return f"person {person.name}" if person and person.name else address_of(scope)


def address_of(scope: Scope) -> str:
    """Return the address that a request comes from, empty if it has none."""
    host = str((scope.get("client") or ("", 0))[0])
    return _network(host) if ":" in host else host


def is_forwarded(scope: Scope) -> bool:
    """Tell whether a proxy says that somebody else is behind the one who calls."""
    return any(_OF_PROXIES.fullmatch(name) for name in Headers(scope=scope))


def _network(host: str) -> str:
    from ipaddress import IPv6Address

    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else f"{IPv6Address(int(address) >> 64 << 64)}/64"
