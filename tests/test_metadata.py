import datetime

import pytest

from index.metadata import find_date, front_matter_date, leading_date, stated_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Report of 2023-11-30.", "2023-11-30"),
        ("30 November 2023", "2023-11-30"),
        ("on Nov. 3, 2023 they met", "2023-11-03"),
        ("1 Sept 2020", "2020-09-01"),
        ("May 5 2021", "2021-05-05"),
        ("2023-02-31 is none, 3 March 2022 is", "2022-03-03"),
        ("version 2023-11-300", None),
        ("no date", None),
    ],
)
def test_find_date(text, expected):
    assert find_date(text) == expected


def test_leading_date_returns_where_the_body_starts():
    assert leading_date(" date 2023-11-30 Amid") == ("2023-11-30", 17)
    assert leading_date("Date: 30 November 2023\nBody") == ("2023-11-30", 22)
    assert leading_date("The date 2023-11-30") is None


def test_stated_date_prefers_start_then_line_then_heading_then_name():
    assert stated_date("date 2020-01-01 x", ["2021-01-01"], "2022-01-01") == "2020-01-01"
    assert stated_date("T\n\n**Date:** 2020-02-02\n", ["2021-01-01"], "n") == "2020-02-02"
    assert stated_date("text", ["Minutes, 3 May 2021"], "2022-01-01") == "2021-05-03"
    assert stated_date("text", ["T"], "minutes-20220104") == "2022-01-04"
    assert stated_date("text 2020-01-01", ["T"], "minutes") is None


def test_front_matter_date_takes_what_yaml_gives():
    assert front_matter_date(datetime.date(2024, 5, 1)) == "2024-05-01"
    assert front_matter_date(datetime.datetime(2024, 5, 1, 9)) == "2024-05-01"
    assert front_matter_date("1 May 2024") == "2024-05-01"
    assert front_matter_date(None) is None
