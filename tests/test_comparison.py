import pytest

from qa.comparison import Comparison, comparison


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Compare tea and coffee.", "What is tea?", "What is coffee?"),
        ("Could you compare tea with coffee?", "What is tea?", "What is coffee?"),
        ("What is the difference between a mule and a donkey?",
         "What is a mule?", "What is a donkey?"),
        ("What's the difference in price between Basic and Pro?",
         "What is the price of Basic?", "What is the price of Pro?"),
        ("Basic vs Pro", "What is Basic?", "What is Pro?"),
        ("Price of Basic vs. Pro", "What is the price of Basic?", "What is the price of Pro?"),
        ("Is Bern or Basel larger?", "How large is Bern?", "How large is Basel?"),
        ("Is the train or the bus cheaper from Bern to Basel?",
         "How much does the train cost from Bern to Basel?",
         "How much does the bus cost from Bern to Basel?"),
        ("Which is faster, the train or the bus?",
         "How fast is the train?", "How fast is the bus?"),
        ("Which of Bern and Basel is older?", "How old is Bern?", "How old is Basel?"),
        ("How much faster is the train than the bus?",
         "How fast is the train?", "How fast is the bus?"),
        ("Does Bern or Basel have more people?",
         "How many people does Bern have?", "How many people does Basel have?"),
        ("Which boat carries more cars, the Heron or the Kestrel?",
         "How many cars does the Heron carry?", "How many cars does the Kestrel carry?"),
        ("Which costs more, tea or coffee?",
         "How much does tea cost?", "How much does coffee cost?"),
        ("Does the train or the bus take longer to Basel?",
         "How long does the train take to Basel?", "How long does the bus take to Basel?"),
        ("How many more seats does the Heron have than the Kestrel?",
         "How many seats does the Heron have?", "How many seats does the Kestrel have?"),
        ("How do cats and dogs differ in weight?",
         "What is the weight of cats?", "What is the weight of dogs?"),
        ("How does Norway differ from Sweden?", "What is Norway?", "What is Sweden?"),
        ("How does the annual plan compare with the monthly plan in Germany?",
         "What is the annual plan in Germany?", "What is the monthly plan in Germany?"),
        ("How fast is the train compared with the bus?",
         "How fast is the train?", "How fast is the bus?"),
        ("How much did Ann earn compared to Bob in 2020?",
         "How much did Ann earn in 2020?", "How much did Bob earn in 2020?"),
        ("How did revenue differ between 2019 and 2021?",
         "What was revenue in 2019?", "What was revenue in 2021?"),
    ],
)  # fmt: skip
def test_a_question_for_each_side(question, one, other):
    found = comparison(question)
    assert found is not None
    assert found.questions == (one, other)


def test_the_subjects_are_the_questions_own_words():
    assert comparison("Is Ann Lee or Bob older?") == Comparison(
        ("Ann Lee", "Bob"), ("How old is Ann Lee?", "How old is Bob?")
    )


def test_comparisons_in_general():
    assert comparison("Compare tea and coffee.").in_general is True
    assert comparison("Is tea or coffee cheaper?").in_general is False
    assert comparison("Compare tea and coffee in Kenya.").in_general is False


@pytest.mark.parametrize(
    "question",
    [
        "What happened between 2019 and 2021?",
        "Who governs Trinidad and Tobago?",
        "What are the terms and conditions of the Basic plan?",
        "Compare terms and conditions.",
        "Do I need a passport or a visa?",
        "Can I cancel or change my booking?",
        "Is it a bug or a feature?",
        "Is this a glass or plastic blender?",
        "How do I compare two files?",
        "What was decided in Brown vs Board of Education?",
        "What was the score of Bern vs Basel?",
        "How much did revenue grow compared to 2022?",
        "Who defined the difference between socialism and communism?",
        "How high was the price compared to normal?",
        "What is the difference between them?",
        "",
        "???",
    ],
)
def test_no_comparison(question):
    assert comparison(question) is None


def test_a_story_is_no_comparison():
    question = "What is the difference between red and blue?"
    assert comparison(question + " " * (600 - len(question))) is not None
    assert comparison(question + " " * (601 - len(question))) is None
