"""Shapes of sentences that answer a question by themselves. `s` is what the question is about.

Each pattern is matched against a whole sentence in one line, without its full stop.
"""

import re

from qa.example_verbs import BASES

_S = r"(?P<s>[A-Za-z][^,;:()?]{1,70}?)"
_PERSON = (
    r"(?:actor|actress|analyst|architect|artist|author|chairman|chairwoman|chief|commander"
    r"|composer|director|economist|editor|engineer|expert|founder|general|governor|head|historian"
    r"|judge|lawyer|leader|manager|mathematician|mayor|minister|musician|novelist|officer|painter"
    r"|philosopher|physicist|player|poet|politician|president|professor|programmer|researcher"
    r"|scientist|secretary|senator|singer|spokesman|spokesperson|spokeswoman|writer)"
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = rf"(?:\d{{1,2}} )?(?:{_MONTH} )?(?:\d{{1,2}}, )?(?:1\d|20)\d\d\b"
_WHEN = rf"(?:in|on|since) (?:early |late )?{_DAY}"
_NAME = r"[A-Z][\w.'’-]+(?: (?:[A-Z][\w.'’-]+|bin|van|von|de|al))*"
_ABOUT = (
    r"(?:about |around |nearly |almost |roughly |some |over |more than |at least |at most |up to"
    r" |only |exactly )?"
)
_COUNT = (
    rf"{_ABOUT}(?:\d[\d,.]*(?: (?:thousand|million|billion|trillion))?|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundreds of|thousands of"
    r"|millions of)"
)
_SIZE = r"(?:[kKMGT]i?B)"
_UNIT = (
    rf"(?:bytes?|{_SIZE}|percent|per cent|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
    r"|times?|ms|km|kg|metres|meters|miles)"
)
_COUNTED_NOUN = rf"(?P<noun>(?!{_UNIT}\b)(?:[a-z-]+ )?[a-z-]+s)\b"
_PAST_VERB = r"(?P<verb>[a-z]+ed|built|gave|left|made|sent|took|won|wrote)"
_OBJECT = r"(?P<rest>(?:(?:an?|the|all) |[A-Z])[^,;]{3,45}?)"
_WHAT = r"(?P<what>[a-z].{11,})"

ROLE = re.compile(rf"\b{_PERSON}\b", re.I)
"""What a person is."""

OFFICE = re.compile(rf"the (?:[\w'’-]+ )?{_PERSON} of [A-Z][\w'’ -]+")
"""What only one person is."""

DEFINED = re.compile(rf"{_S} (?P<be>is|are|was|were) (?P<what>(?:an?|the|one of the) .+)")
"""A chunk is a passage of a few sentences."""

KIND = re.compile(
    r"(?:an?|the|one of the) (?!(?:lot|bit|must|little|problem|good|bad|matter|question|danger|list"
    r"|way|reason|result|common|few|great|big|real|key|simple|small|large|special|useful|nice|very"
    r"|more|most|best|only|same|first|last|main|number|subset|set|case|kind of|sort of|default"
    r"|following|next|other|one|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|final"
    r"|ultimate|least|[a-z]+est)\b)[\w'’-]+"
)
"""The beginning of what says what something is, and not how it is or how it compares."""

APPOSITION = re.compile(
    rf"(?P<name>{_NAME} {_NAME}), (?P<what>(?:an?|the) [^,]*\b{_PERSON}\b[^,]{{0,50}}), \w.*"
)
"""Ada Lovelace, an English mathematician, wrote the first program."""

DATED = re.compile(
    rf"{_S} (?P<be>was|were) (?:first |originally |officially |finally )?(?P<done>[a-z]+)\b"
    rf"[^,;]*? {_WHEN}.*"
)
"""The museum of art was founded by Ada Lovelace in 1867."""

HAPPENED = re.compile(
    rf"{_S} (?P<verb>died|began|started|opened|ended|closed|collapsed|ceased)"
    rf" (?:(?:at|in|with|for|as|to|near) [^,;]*? )?{_WHEN}.*"
)
"""The Battle of Hastings began on 14 October 1066."""

IN_YEAR = re.compile(
    rf"(?:In|On) {_DAY}, (?P<s>(?:the |a |an )?[^,;:()?]{{1,70}}?) {_PAST_VERB} {_OBJECT}"
)
"""In 1867, Russia sold Alaska."""

DID_IN = re.compile(rf"{_S} {_PAST_VERB} {_OBJECT} {_WHEN}")
"""Russia sold Alaska in 1867."""

DONE_BY = re.compile(
    rf"{_S} (?:was|were) (?:first |originally )?(?P<done>[a-z]+) (?:[a-z]+ )?(?:in \d{{4}} )?"
    rf"by {_NAME} {_NAME}.*"
)
"""The museum of art was founded by Ada Lovelace in 1867."""

COUNTED = re.compile(
    rf"{_S} (?P<verb>has|have|had|contains?|holds?|includes?|takes?|needs?|requires?|offers?"
    rf"|supports?|employs?) {_COUNT} {_COUNTED_NOUN}(?! of).*"
)
"""A chunk has at most 256 word pieces."""

MEASURED = re.compile(
    rf"{_S} (?P<verb>takes?|needs?|requires?|uses?) {_ABOUT}\d[\d,.]* {_SIZE} of"
    r" (?P<noun>(?:disk |main )?[a-z]+)\b.*"
)
"""The installed libraries take about 2 GB of disk space."""

BOUNDED = re.compile(
    rf"{_S} (?P<can>can|may|must) (?P<verb>[a-z]+) (?:at most|up to|at least) \d[\d,.]*"
    rf" {_COUNTED_NOUN}.*"
)
"""A question may have at most 2000 characters."""

SAID = re.compile(
    rf"{_S} (?P<verb>says?|said|warns?|warned|argues?|argued|claims?|claimed|thinks?|thought"
    r"|believes?|believed|fears?|feared|announced|suggests?|suggested|judges?) (?:that )?"
    rf"{_WHAT}"
)
"""Experts warn that the fighting may spread."""

ACCUSED = re.compile(
    rf"{_S} (?P<verb>accuses|accused) (?P<whom>(?:the )?[A-Z][\w.]+(?: [A-Z]\w+)*) of .+"
)
"""The minister of Norland accused Southland of spying."""

DONE = re.compile(
    rf"{_S} (?P<has>has|have) (?:also )?(?P<done>carried out|deployed|sent|launched|proposed"
    rf"|suggested|announced|promised|demanded|introduced|developed|published) {_WHAT}"
)
"""The Pentagon has deployed additional forces."""

TO_DO = re.compile(
    r"To (?P<what>(?P<verb>[a-z]+)\b[^,;:()]{4,60}),"
    rf" (?:you (?:can|must|need|have|should)\b|(?:{'|'.join(sorted(BASES))}|go|type|click|press)\b"
    r"(?! (?:and|or) )).+"
)
"""To rebuild the index, run this command."""

PROVIDED = re.compile(
    rf"{_S} (?P<verb>stores|contains|provides|specifies|controls|describes|defines|determines"
    r"|implements|represents|lists|holds|shows) (?:the|an?|all|information|how|whether|which|where"
    r"|every|support|[a-z]+s)\b.{12,}"
)
"""The catalog pg_class describes tables and other objects."""

ACTED = re.compile(
    rf"{_S} (?P<verb>removes|creates|changes|deletes|starts|stops|converts|copies|checks|compares"
    r"|generates|initializes|installs|loads|locks|merges|moves|prints|produces|reads|rebuilds"
    r"|renames|replaces|restores|reverses|runs|searches|sorts|updates|upgrades|validates|writes)"
    rf" {_WHAT}"
)
"""The command VACUUM removes dead rows."""

TOOL = re.compile(
    r"\b(?:command|function|method|option|statement|module|program|tool|script|operator|macro"
    r"|utility)\b"
)
"""What does something, so that "What does it do?" is a question."""

LEAD = re.compile(r"(?:However|Moreover|Furthermore|In addition), ")
"""What a sentence begins with and loses nothing without."""

VAGUE = re.compile(
    r"\b(?:it|its|them|his|her|their|our|he|she|who|which|this|that|these|those|they|you|yourself"
    r"|so|again|as well|too|also|anything|something|such|following|above|below|here)\b"
)
"""Words that point elsewhere."""

VAGUE_OBJECT = re.compile(rf"{VAGUE.pattern}|^the [a-z]+$")
"""An object that points elsewhere: "the group"."""

VAGUE_SUBJECT = re.compile(
    r"the (?!(?:setting|field|command|option|function|module) )(?!.* of )[a-z -]+"
)
"""A definite subject that only its text makes clear: "the sample size"."""

IMPERSONAL = re.compile(r"(?:an?|the) [a-z_ ]+", re.I)
"""A subject that may "say" something as a sign or a setting does."""
