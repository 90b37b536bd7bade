"""What retrievers tell of a passage."""

import pytest

from qa.models import CitedDocument, CitedLocation, FoundPassage
from qa.passage_metadata import passage_id, passage_metadata


@pytest.fixture
def passage():
    document = CitedDocument(
        id="d1",
        path="/a/budget.xlsx",
        title="Budget",
        sha256="abc",
        date=None,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    return FoundPassage(
        quote="Rent: 9",
        start=3,
        end=10,
        document=document,
        page=2,
        locations=(
            CitedLocation(kind="sheet", name="Costs"),
            CitedLocation(kind="row", name="7"),
        ),
        rectangles=(),
        link="https://example.org/#:~:text=Rent",
        heading=("Costs", "Rent"),
        score=0.5,
        similarity=-0.25,
    )


def test_metadata_carry_the_citation(passage):
    assert passage_metadata(passage) == {
        "sha256": "abc",
        "start": 3,
        "end": 10,
        "path": "/a/budget.xlsx",
        "title": "Budget",
        "date": None,
        "kind": "sheet",
        "place": "sheet Costs, row 7",
        "page": 2,
        "heading": ["Costs", "Rent"],
        "link": "https://example.org/#:~:text=Rent",
        "score": 0.5,
        "similarity": -0.25,
    }


def test_the_id_is_that_of_the_characters(passage):
    assert passage_id(passage) == "abc:3-10"
