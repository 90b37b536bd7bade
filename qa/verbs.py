"""English verbs: which words may be one, and their forms."""

from functools import cache
from typing import NamedTuple

from qa.word_lists import word_set

# The second list holds verbs that are as often nouns, so a place that suits a noun says it is one.
_VERBS = """
    accept accuse achieve acquire add adopt affect afford agree allow announce appear apply
    appoint approve arrive ask assign assume attend avoid ban base become begin believe belong
    blame block bomb borrow break bring build buy calculate call cancel carry catch cause check
    choose cite claim clean clear close collect combine come communicate compare complain complete
    compress compute confirm connect consider consist contain continue convert convince correct
    count cover create crash cross cut declare decline decrease define delete deliver demand deny
    depend describe design destroy detect deter determine develop die differ disable do disagree
    discover distribute divide do download draw drive drop earn eat edit elect embed employ enable
    encode encrypt end enter establish exclude exist expect explain export express extract face
    fail fall fear feel fetch fill find finish fit fix fly follow forbid forget found gain get give
    go grow guarantee hand handle hang happen hear hide hire hit hold hope ignore import improve
    include increase indicate inform insist install invent invite involve issue join judge
    keep kill know launch lead learn leave let lie list listen live load lose lower make manage
    mean measure meet
    mention merge miss modify move need negotiate notice obtain occur offer omit open operate
    oppose overwrite own pay perform pick play please point predict prefer prepare press prevent
    produce promise propose protect prove provide publish pull push put quote raise reach read
    rebuild receive recognise recognize recommend reduce refuse reject release remain remember
    remove rename repair repeat replace reply represent require resolve respond restart restore
    retrieve retry return rise run save say search see seem select sell send serve set share shoot
    show shut sign skip sleep solve speak specify spend split stand start stay steal stop store
    strike struggle study submit succeed suffer suggest support suppose sync take talk teach tell
    tend think threaten throw touch translate treat try turn type understand undo uninstall update
    upgrade upload use verify visit vote wait want warn watch wear win wish work worry write
    escalate retaliate intensify widen attack back bind fire mount convene cope crawl exceed
    recover differ vary expire renew resign apply last deal turn crash answer copy
"""
_NOUNS_TOO = """
    access address aim answer attack back backup ban benefit block book bomb cause change charge
    chart check claim clone code comment contact contract control copy cost count cover crash cut
    damage date deal debate decrease delay demand design document download drop edit effect end
    export face fear file fire fit fix focus follow force form function gain group guarantee guide
    handle help hit hold hope host import increase index influence issue judge judgement label land
    last lead license limit link list load lock log look lower mail make map mark match matter
    measure miss model mount move name need note notice number offer open order own page pass pay
    pick place plan play point post practice present press price print process produce project
    promise protest purchase push question quote race raise range rank rate reach read record
    refund refuse release repair reply report request rescue research reset rest restart result
    return review rise risk rule run sample save scale scan score search select sell sense sequence
    serve set share show shut sign sleep sort sound source split stand start state stay step stop
    store stream strike study style support survey switch sync talk target test time title touch
    trade train transfer travel treat trial trust try turn type update upgrade upload use value
    view visit vote wait walk want warrant watch wear win wish work worry
"""
_IRREGULAR = """
    become became become; begin began begun; break broke broken; bring brought brought;
    build built built; buy bought bought; catch caught caught; choose chose chosen; come came come;
    cost cost cost; cut cut cut; do did done; draw drew drawn; drive drove driven; eat ate eaten;
    fall fell fallen; feel felt felt; fight fought fought; find found found; fit fit fit;
    fly flew flown; forbid forbade forbidden; forget forgot forgotten; get got got; give gave given;
    go went gone; grow grew grown; hang hung hung; hear heard heard; hide hid hidden; hit hit hit;
    hold held held; keep kept kept; know knew known; lead led led; leave left left; let let let;
    lie lay lain; lose lost lost; make made made; mean meant meant; meet met met; pay paid paid;
    put put put; read read read; rebuild rebuilt rebuilt; rise rose risen; run ran run;
    say said said; see saw seen; sell sold sold; send sent sent; set set set; shoot shot shot;
    show showed shown; shut shut shut; sleep slept slept; speak spoke spoken; spend spent spent;
    split split split; stand stood stood; steal stole stolen; strike struck struck;
    take took taken; teach taught taught; tell told told; think thought thought;
    throw threw thrown; understand understood understood; undo undid undone; wear wore worn;
    overwrite overwrote overwritten; win won won; write wrote written; bind bound bound;
    reset reset reset
"""
_VOWELS = "aeiou"
_DOUBLED = word_set(
    "ban bar cut drop fit get hit let plan put run set ship shut skip split stop swap win"
    " forget begin map scan step deter submit permit refer omit occur"
)


_SHORT = 4
_NO_PARTICIPLES = word_set("hundred kindred sacred speed indeed breed exceed naked wicked")


class Forms(NamedTuple):
    """The forms of a verb: `send`, `sends`, `sent`, `sent`, `sending`."""

    base: str
    third: str
    past: str
    participle: str
    gerund: str


@cache
def forms(base: str) -> Forms:
    """Return the forms of a verb in lower case; one that is not known is taken for regular."""
    past, participle = _irregular().get(base, (_past(base), _past(base)))
    return Forms(base, third(base), past, participle, gerund(base))


def third(base: str) -> str:
    """Return the form behind `he`: `sends`, `tries`, `reaches`."""
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{base}es"
    return f"{base[:-1]}ies" if _ends_in_y(base) else f"{base}s"


def gerund(base: str) -> str:
    """Return the form in -ing: `sending`, `using`, `lying`, `stopping`."""
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith(("ee", "oe")):
        return f"{base[:-1]}ing"
    return f"{base}{base[-1]}ing" if base in _DOUBLED else f"{base}ing"


def lemma(word: str) -> str | None:
    """Return the base form of what may be a verb's form, or None."""
    return _lemmas().get(word.lower())


def base_form(word: str) -> str:
    """Return the base form of a verb's form in lower case, guessed by its ending if not known."""
    low = word.lower()
    known = lemma(low)
    if known is not None:
        return known
    if low.endswith("s") and not low.endswith("ss"):
        return low[:-1]
    return low[:-2] if low.endswith("ed") and len(low) > _SHORT else low


def is_base(word: str) -> bool:
    """Tell whether a word may be a verb's base form."""
    return word.lower() in _bases()


def is_participle(word: str) -> bool:
    """Tell whether a word may be a past participle or end in -ing as a verb."""
    base, low = lemma(word), word.lower()
    if base is not None:
        return low in forms(base)[3:]
    return low.endswith("ed") and len(low) > _SHORT and low not in _NO_PARTICIPLES


def is_noun_too(word: str) -> bool:
    """Tell whether a verb's form is as often a noun: `limit`, `files`."""
    base = lemma(word)
    return base in _nouns_too() and word.lower() in forms(base)[:2]


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if _ends_in_y(base):
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if base in _DOUBLED else f"{base}ed"


def _ends_in_y(base: str) -> bool:
    return len(base) > 1 and base[-1] == "y" and base[-2] not in _VOWELS


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    rows = (row.split() for row in _IRREGULAR.split(";"))
    return {base: (past, participle) for base, past, participle in rows}


@cache
def _bases() -> frozenset[str]:
    return frozenset(_VERBS.split()) | _nouns_too()


@cache
def _nouns_too() -> frozenset[str]:
    return frozenset(_NOUNS_TOO.split())


@cache
def _lemmas() -> dict[str, str]:
    """Return the base form of every form; where two verbs share one, `found` is of `find`."""
    found = {form: base for base in sorted(_bases()) for form in forms(base)}
    irregular = {form: base for base in _irregular() for form in forms(base)}
    return found | irregular | {base: base for base in _bases() if base != "found"}
