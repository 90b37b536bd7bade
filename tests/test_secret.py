import re

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from index.errors import InputError
from ui.secret import (
    check_password,
    entry_of,
    hash_of_nobody,
    hashed,
    matches,
    new_id,
    new_token,
)


def test_a_hash_is_argon2id_with_the_parameters_of_rfc_9106():
    first, second = hashed("a secret"), hashed("a secret")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second  # each has a salt of its own


def test_only_the_same_secret_matches():
    stored = hashed("a secret")
    assert matches(stored, "a secret")
    assert not matches(stored, "a Secret")
    assert not matches(stored, "")
    assert not matches("no hash", "a secret")


def test_a_secret_too_long_to_have_been_taken_is_not_hashed():
    assert not matches(hashed("x" * 1025), "x" * 1025)


def test_a_token_names_its_entry_and_has_256_random_bits():
    made = new_id()
    token = new_token(made)
    assert re.fullmatch(rf"pp_{made}_[\w-]{{43}}", token)
    assert entry_of(token) == made
    assert new_token(made) != token


@pytest.mark.parametrize("token", ["", "pp_", "pp_0123456789abcdef_short", "x" * 63])
def test_what_does_not_look_like_a_token_names_no_entry(token):
    assert entry_of(token) is None


@pytest.mark.parametrize("length", [0, 11, 1025])
def test_a_password_has_some_length(length):
    with pytest.raises(InputError, match=r"^a password has 12 to 1024 characters; choose another"):
        check_password("x" * length)


@pytest.mark.parametrize("length", [12, 1024])
def test_any_characters_are_a_password(length):
    check_password(" " * length)


def test_the_hash_of_nobody_is_one_like_others():
    """The first unknown name would else take longer than known ones, as one is made for it."""
    assert extract_parameters(hash_of_nobody()) == extract_parameters(hashed("a secret"))
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(hash_of_nobody(), "a secret")
