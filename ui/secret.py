"""Passwords and tokens, of which only Argon2id hashes are stored."""

import re
import secrets

from index.errors import InputError

LEAST_CHARS = 12
MOST_CHARS = 1024
_TOKEN = re.compile(r"pp_([0-9a-f]{16})_[\w-]{43}", re.ASCII)


def new_id() -> str:
    """Return a random name of an entry: 16 hexadecimal digits, no secret."""
    return secrets.token_hex(8)


def new_token(entry: str) -> str:
    """Return a token of 256 random bits that names the entry it is of."""
    return f"pp_{entry}_{secrets.token_urlsafe(32)}"


def entry_of(token: str) -> str | None:
    """Return the entry that a token names; None if it does not look like one."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else None


def check_password(password: str) -> None:
    """Look whether a password can be taken.

    Raises:
        InputError: it is too short or too long.
    """
    if not LEAST_CHARS <= len(password) <= MOST_CHARS:
        raise InputError(
            f"a password has {LEAST_CHARS} to {MOST_CHARS} characters; choose another, such as "
            "four words that have nothing to do with each other"
        )


def hashed(secret: str) -> str:
    """Return the Argon2id hash of a password or token, with its salt and parameters."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(secret)


def hash_of_nobody() -> str:
    """Return a hash that no secret has, which takes as long to compare with as any other."""
    from argon2 import PasswordHasher

    made = PasswordHasher()
    costs = f"m={made.memory_cost},t={made.time_cost},p={made.parallelism}"
    return f"$argon2id$v=19${costs}${'A' * 22}${'A' * 43}"


def matches(stored: str, secret: str) -> bool:
    """Tell whether a secret is the one that was hashed. Takes time and 64 MiB, on purpose.

    A secret too long to have been taken matches nothing, and costs nothing.
    """
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(secret) > MOST_CHARS:
        return False
    try:
        return PasswordHasher().verify(stored, secret)
    except (VerificationError, InvalidHashError):
        return False
