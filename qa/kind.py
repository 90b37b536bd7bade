"""What kind of answer a question wants: a few words of some kind, sentences, or two sides."""

import re
from enum import StrEnum

from qa.comparison import comparison
from qa.polite import plain
from qa.question import AnswerType, expectation


class QuestionKind(StrEnum):
    """The kinds of question that are answered in different ways.

    `SPAN` is any other question that a few words answer, such as "Which team won?".
    """

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    HOW_LONG = "how_long"
    WHY = "why"
    HOW = "how"
    DEFINITION = "definition"
    LIST = "list"
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    SPAN = "span"

    @property
    def wants_short_answer(self) -> bool:
        """Whether a few words answer; otherwise whole sentences do, or both sides' quotes."""
        return self is QuestionKind.SPAN or self in _BY_TYPE.values()


_BY_TYPE = {
    AnswerType.PERSON: QuestionKind.WHO,
    AnswerType.DATE: QuestionKind.WHEN,
    AnswerType.PLACE: QuestionKind.WHERE,
    AnswerType.NUMBER: QuestionKind.HOW_MANY,
    AnswerType.MONEY: QuestionKind.HOW_MUCH,
    AnswerType.DURATION: QuestionKind.HOW_LONG,
}


_CLAUSE = re.compile(
    r"^(?:in|after|before|during|under|according|since|for|at|on|when|if|from|by|given|as|with"
    r"|besides|apart|despite|following|until|between|within|through|throughout|per|once|while|because)\b[^,?]{0,80},\s*",
    re.IGNORECASE,
)
_BE = r"(?:is|are|was|were)"
_VERB = (
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might"
    r"|must|need)(?:n['’]?t)?"
)
_QUANTITY = (
    r"how (?:many|much|long|often|old|far|tall|high|deep|large|big|fast|heavy|wide|soon|late|early"
    r"|frequently|quickly|strong|hot|cold|thick|expensive|likely|close|small|short|low|wide)\b"
)
_NOT_PLURAL = (
    r"(?!(?:is|was|does|has|this|its|less|process|class|address|status|access|business|series|news"
    r"|species|bus|gas|lens|serves)\b)"
)
_POINTING = (
    r"(?:the|this|that|these|those|it|they|we|my|our|your|their|his|her|its|some|all|an?|there"
    r"|responsible|allowed|required|included|entitled|in|on|at|next|currently|not|new|different)"
)
_NO_PREPOSITION = (
    r"(?!(?:of|for|in|to|on|at|by|from|with|about|that|which|who|between|after|during|under"
    r"|allowed|required|included|available|needed)\b)"
)
_WHAT_IS = rf"^(?:who or )?wh(?:at|o)(?:['’]?s| {_BE}) (?:exactly |actually |really )?"

# Tried from the top, so a rule may count on those above it.
_RULES = (
    (
        QuestionKind.WHY,
        r"\b(?:why|how come)\b",
        r"\bfor (?:what|which) reasons?\b",
        r"\bwhat(?:['’]s| is| was| are| were)? (?:the |an? )?(?:\w+ )?(?:reasons?|causes?|rationale"
        r"|motive|motivation|justification|root cause|grounds|purpose)\b",
        r"\bwhat (?:\w+ )?(?:caused|causes|led|leads|prompted|triggered|made|makes|drove|explains"
        r"|explained|motivated|is causing|was behind|is behind|lay behind|brought about)\b",
        r"^(?:the )?(?:\w+ )?(?:reasons?|causes?|rationale)\b",
    ),
    (
        QuestionKind.SPAN,
        rf"^(?:(?:and|about|for|by|to|within|after|since|until|in) )?{_QUANTITY}",
        rf"\b(?:forgot|know|remember) {_QUANTITY}",
    ),
    (
        QuestionKind.DEFINITION,
        r"\b(?:define[sd]?|definition|meaning of|meant by|means by|understood by|stands? for"
        r"|known as what|what it means)\b",
        r"\bwhat(?:['’]?s| (?:does|do|did|is|are|was|exactly|actually))\b[^?]* "
        r"(?:mean|refer to|meant)\b(?! to)",
        r"^(?:meaning|explain the (?:term|concept)|explanation of the term)\b|\bmeaning\W*$",
        r"\bwhat is (?:it|that|he|she)\W*$",
        r"\bwhat [^?]* means\b",
        rf"{_WHAT_IS}an? (?!(?:good|typical|normal|reasonable|safe|valid|way|reason|list)\b)"
        r"[^?,]{2,60}\W*$",
        rf"{_WHAT_IS}(?![^?]*\b\d{{4}}\b)(?!{_POINTING}\b)(?!\w+ing\b[^?]* \w+ \w+ \w+)[^\s?]+"
        rf"(?: {_NO_PREPOSITION}[^\s?]+){{0,3}}(?: (?:in|under) [^?]{{2,40}})?\W*$",
        rf"^what(?:['’]?s| {_BE}) the (?:concept|doctrine|principle|notion|term|idea)"
        r" (?:of |behind )?",
        r"\b(?:who|what) (?:an? )?(?!(?:the|this|my|our|your)\b)[^?,]{2,40} (?:is|are|was|were)"
        r"(?: in [^?]{2,30})?\W*$",
        # "What is the Mercosur?", but not "What is the capital?"
        rf"(?-i:^(?:[Ww]ho or )?[Ww](?:hat|ho)(?:['’]?s| {_BE}) (?:actually )?the [A-Z][^\s?]*"
        r"(?: (?:(?:of|and|the|for|on) )*[A-Z][^\s?]*){0,4}(?: [a-z]+)?\W*$)",
    ),
    (
        QuestionKind.LIST,
        r"^(?:list|name|enumerate|identify|itemi[sz]e|mention|specify)\b(?! of\b)",
        r"\b(?:list|overview) of\b|\bas a list\b",
        r"\b(?:give|show|see)\b[^?]* (?:all|the names|some|three|two|five|examples)\b",
        r"^(?:the )?(?:names|cities|countries|members|types|kinds|examples|main|different"
        r"|keyboard) \b",
        r"\bwhich of the \w+ \w* ?(?:are|were|have)\b",
        r"^what (?:\w+ )?information\b|^(?:and )?what else\b",
        rf"^(?:in )?(?:what|which) (?!{_VERB}\b)(?:(?:other|different|main|key|new|two|three|four"
        rf"|five|all) )*(?:[\w-]+ ){{0,2}}{_NOT_PLURAL}(?:[\w-]{{2,}}[^s\Wi]s|people|criteria"
        r"|data|men|women|children)\b(?! (?:is|was|has)\b)",
        r"^what(?:['’]re| are| were) (?:all |some |the |our |my |your |their |its )",
        r"^who (?:are|were) (?:the|all|our)\b|\b(?:a|the|full|complete) list of\b",
        r"^all (?:the )?\w+s\b|^what all\b",
    ),
    (
        QuestionKind.HOW,
        # "Who decides how long it is open?" asks for somebody.
        r"^(?!(?:who(?:m|se)?|which|where|when)\b(?![^?]*(?:,|\band\b)))[^?]*\bhow\b|^(?:steps|instructions|procedure|process|guide|way)\b",
        r"\bwhat (?:is|are|was|were|['’]s)? ?(?:the )?(?:\w+ )?(?:steps?|procedure|process|way"
        r"|method|best way|workflow)\b",
        r"\bin (?:what|which) (?:way|manner)s?\b",
        r"\b(?:by|through) (?:what|which) (?:means|process|method|mechanism)\b",
        r"^(?:explain|describe|walk)\b|\bwhat (?:do|should|must) (?:i|we|you) do to\b",
    ),
    (QuestionKind.YES_NO, rf"^{_VERB}\b"),
)
_COMPILED = [
    (kind, re.compile(pattern, re.IGNORECASE)) for kind, *patterns in _RULES for pattern in patterns
]


def question_kind(question: str) -> QuestionKind:
    """Return the kind of a question, told by its words; `SPAN` where nothing says more."""
    if comparison(question) is not None:
        return QuestionKind.COMPARISON
    told = plain(question)
    kind = _told_by_rules(told)
    if kind is not QuestionKind.SPAN:
        return kind
    kind = _BY_TYPE.get(expectation(told).kind, QuestionKind.SPAN)
    if kind is QuestionKind.HOW_LONG and re.search(r"\bhow many\b", told, re.IGNORECASE):
        return QuestionKind.HOW_MANY  # "how many days of leave"
    if kind is QuestionKind.SPAN and re.search(r"\bhow much\b", told, re.IGNORECASE):
        return QuestionKind.HOW_MUCH
    return kind


def _told_by_rules(text: str) -> QuestionKind:
    asked = _CLAUSE.sub("", text, count=1)
    if asked == text:  # no clause in front: "if the office opens on Sunday"
        asked = text = re.sub(r"^(?:if|whether)\b", "is", text, flags=re.IGNORECASE)
    for candidate in dict.fromkeys((asked, text)):
        for kind, pattern in _COMPILED:
            if pattern.search(candidate):
                return kind
    return QuestionKind.SPAN
