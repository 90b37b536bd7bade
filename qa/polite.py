"""What people say around a question, taken off: "Could you tell me …"."""

import re

_LEAD = re.compile(
    r"^\W*(?:(?:please|ok(?:ay)?|hi|hello|hey|so|and|but|then|also|well)\b[\s,:]*)*"
    r"(?:(?:can|could|would|will) (?:you|someone|anyone|somebody) (?:please |kindly )?"
    r"(?:tell|explain|show|give|list|name|define|describe|clarify|remind|walk|outline|summari[sz]e)\b"
    r"\s*(?:to me|me|us)?\s*(?:through|with)?\s*"
    r"|(?:do you know|i(?:'d| would) like to know|i (?:want|need) to know|i(?:'m| am) wondering"
    r"|i wonder|any idea|tell (?:me|us)|let me know|remind me|show me)\s*)?"
    r"(?:please\s+)?(?:about\s+)?",
    re.IGNORECASE,
)


def plain(question: str) -> str:
    """Return a question without what is said in front of it, in single spaces."""
    return _LEAD.sub("", " ".join(question.split()), count=1)
