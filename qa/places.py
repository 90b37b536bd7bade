"""Names of places, so that a place takes the place of a place: countries, regions, large cities."""

import re

_PLACES = """
    afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan
    bahamas bahrain bangladesh barbados belarus belgium belize benin bhutan bolivia bosnia botswana
    brazil brunei bulgaria burundi cambodia cameroon canada chad chile china colombia congo croatia
    cuba cyprus czechia denmark djibouti dominica ecuador egypt eritrea estonia eswatini ethiopia
    fiji finland france gabon gambia germany ghana greece grenada guatemala guinea guyana haiti
    honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan
    kazakhstan kenya kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya
    liechtenstein lithuania luxembourg madagascar malawi malaysia maldives mali malta mauritania
    mauritius mexico moldova monaco mongolia montenegro morocco mozambique myanmar namibia nepal
    netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru
    philippines poland portugal qatar romania russia rwanda samoa senegal serbia seychelles
    singapore slovakia slovenia somalia spain sudan suriname sweden switzerland syria taiwan
    tajikistan tanzania thailand togo tonga tunisia turkey turkmenistan uganda ukraine uruguay
    uzbekistan vanuatu venezuela vietnam yemen zambia zimbabwe
    africa america antarctica asia britain england europe scandinavia scotland wales gaza
    amsterdam athens baghdad bangkok barcelona beijing beirut berlin boston brussels cairo chicago
    copenhagen damascus delhi dublin geneva hamburg istanbul jerusalem kabul kyiv lisbon london
    madrid melbourne milan montreal moscow mumbai munich oslo paris prague rome seoul shanghai
    stockholm sydney tehran tokyo toronto vienna warsaw washington zurich
"""
_KNOWN = frozenset(_PLACES.split())
_LONG = frozenset(
    {
        "costa rica", "czech republic", "el salvador", "gaza strip", "hong kong", "los angeles",
        "middle east", "new york", "new zealand", "north korea", "saudi arabia", "south africa",
        "south asia", "south korea", "sri lanka", "united kingdom", "united states", "west bank",
        "us", "uk", "eu", "usa", "u.s.", "u.k.", "uae",
    }
)  # fmt: skip
_ARTICLE = re.compile(r"^the ", re.IGNORECASE)


def is_place(name: str) -> bool:
    """Tell whether a name is that of a known place, with or without `the`; `us` must be `US`."""
    bare = _ARTICLE.sub("", name.strip())
    low = bare.lower()
    return low in _KNOWN or (low in _LONG and (len(low) > 4 or bare.isupper()))  # noqa: PLR2004
