"""Forms of common verbs: a statement's verb in the form that a question about it needs."""

_BASES = """
    add allow announce answer apply argue ask assign attach avoid back believe break bring build
    calculate call cancel cause change check choose claim clean clear close collect compare
    compile compute configure connect contain control convert copy count cover create customise
    customize cut debug declare define delete demand deploy describe design determine develop
    disable discover display distribute download draw drop edit employ enable encrypt end
    enforce ensure enter establish estimate exclude execute export express extend extract fear
    fetch filter find fix follow format found generate get give handle have help hide hold
    identify ignore implement import improve include increase indicate insert inspect install
    introduce invent invite judge keep launch lead leave limit link list load locate log look
    maintain make manage map mark match measure merge migrate modify monitor mount move name
    need offer open order pack paint parse perform plan play prepare prevent print process
    produce promise propose protect provide publish put query quote raise read rebuild receive
    recommend record reduce refuse register release reload remove rename render repair replace
    report represent request require reserve reset resolve restart restore restrict return
    reverse run save say scan schedule search secure select send serve set share show shut sign
    sort specify split start state stop store stress submit suggest supply support switch sync
    take tell test think track train transfer translate trigger tune turn undo uninstall unlock
    unpack update upgrade upload use validate verify view wait warn watch work wrap write
""".split()  # noqa: SIM905
_DOUBLED = frozenset(
    """
    cut debug drop get log map plan put reset run scan set shut split stop submit wrap
    """.split()  # noqa: SIM905
)
_PAST = {
    "wrote": "write", "written": "write", "found": "find", "gave": "give", "given": "give",
    "held": "hold", "kept": "keep", "led": "lead", "made": "make", "said": "say", "sent": "send",
    "took": "take", "taken": "take", "told": "tell", "thought": "think", "built": "build",
    "chose": "choose", "chosen": "choose", "brought": "bring", "drew": "draw", "drawn": "draw",
    "had": "have", "left": "leave", "began": "begin", "begun": "begin", "died": "die",
    "ran": "run", "showed": "show", "shown": "show", "won": "win",
}  # fmt: skip
"""Irregular past forms. `found` is left to `find`: "founded" is regular."""


def _third(base: str) -> str:
    if base == "have":
        return "has"
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    return base[:-1] + "ies" if base[-1] == "y" and base[-2] not in "aeiou" else base + "s"


def _gerund(base: str) -> str:
    if base in _DOUBLED:
        return base + base[-1] + "ing"
    return (base[:-1] if base.endswith("e") and not base.endswith("ee") else base) + "ing"


def _regular_past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base[-1] == "y" and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + (base[-1] if base in _DOUBLED else "") + "ed"


BASES = frozenset(_BASES)
"""Verbs in their base form."""

THIRD = {_third(base): base for base in _BASES}
"""`stores` to `store`."""

GERUND = {_gerund(base): base for base in _BASES}
"""`storing` to `store`."""

PAST = {_regular_past(base): base for base in _BASES} | _PAST
"""`stored` to `store`, past tense and participle."""

SIMPLE_PAST = {
    "written": "wrote", "given": "gave", "taken": "took", "drawn": "drew", "shown": "showed",
    "chosen": "chose", "begun": "began",
}  # fmt: skip
"""Participle to past tense, where they differ."""


def asked_with(verb: str) -> tuple[str, str] | None:
    """Return the helping verb and the base form with which a finite verb is asked about.

    `stores` gives `("does", "store")`, `store` gives `("do", "store")`, `stored` gives
    `("did", "store")`; None for a verb that is not known.
    """
    for helper, forms in (("does", THIRD), ("did", PAST)):
        if verb in forms:
            return helper, forms[verb]
    return ("do", verb) if verb in BASES else None
