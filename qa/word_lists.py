"""Lists of words, written as running text."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, parted by white space."""
    return frozenset(text.split())


RELATIONS = word_set(
    """
    advantage address age aim alternative amount area author average bound bounds capacity capital
    cause colour condition consequence content contents cost count criterion date deadline default
    defaults definition difference disadvantage drawback duration effect error example exception
    fee format formula function goal height king label language leader length level licence license
    limit limits location maximum meaning message method minimum mistake motive name names number
    option order origin output owner penalty percentage period place population position president
    price probability problem purpose queen range rate reason recall requirement requirements result
    results role rule rules score share shape size solution source speed state status step steps
    summary symptom temperature term threshold time title total type types unit units value values
    version volume way weight width
    """
)
"""Nouns that are always of something: a default, a price, an author."""
NAMED_BY = word_set(
    "command setting option field flag file folder function error program package model class"
    " module method parameter variable argument key tool library"
)
"""Nouns of things that are called by a piece of code."""
CHANGING = word_set("change configure set control influence adjust turn disable prevent avoid stop")
"""Verbs of what a person does to a value or a behaviour."""
