import re

import pytest

from index.errors import InputError
from ui.secret import check_password, entry_of, hashed, matches, new_id, new_token


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
