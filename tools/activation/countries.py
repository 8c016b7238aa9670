"""Which country is meant, and does it ask for consent before its people are matched?"""

from functools import lru_cache

# Google's EU user consent policy holds for end users in the European Economic Area, and by its text for the
# United Kingdom and Switzerland too (support.google.com/google-ads/answer/14546648, 14310715).
_EEA = {
    "AT": "austria",
    "BE": "belgium",
    "BG": "bulgaria",
    "CY": "cyprus",
    "CZ": "czechia|czech republic",
    "DE": "germany|deutschland",
    "DK": "denmark",
    "EE": "estonia",
    "ES": "spain",
    "FI": "finland",
    "FR": "france",
    "GR": "greece",
    "HR": "croatia",
    "HU": "hungary",
    "IE": "ireland",
    "IS": "iceland",
    "IT": "italy",
    "LI": "liechtenstein",
    "LT": "lithuania",
    "LU": "luxembourg",
    "LV": "latvia",
    "MT": "malta",
    "NL": "netherlands|the netherlands|holland",
    "NO": "norway",
    "PL": "poland",
    "PT": "portugal",
    "RO": "romania",
    "SE": "sweden",
    "SI": "slovenia",
    "SK": "slovakia",
}
_BESIDES = {
    "GB": "united kingdom|uk|great britain|britain|england|scotland|wales|northern ireland",
    "CH": "switzerland",
}
_OTHERS = {
    "AE": "united arab emirates",
    "AR": "argentina",
    "AU": "australia",
    "BR": "brazil",
    "CA": "canada",
    "CL": "chile",
    "CN": "china",
    "CO": "colombia",
    "EG": "egypt",
    "HK": "hong kong",
    "ID": "indonesia",
    "IL": "israel",
    "IN": "india",
    "JP": "japan",
    "KR": "south korea|korea",
    "MX": "mexico",
    "MY": "malaysia",
    "NG": "nigeria",
    "NZ": "new zealand",
    "PE": "peru",
    "PH": "philippines",
    "PK": "pakistan",
    "RS": "serbia",
    "SA": "saudi arabia",
    "SG": "singapore",
    "TH": "thailand",
    "TR": "turkey|türkiye",
    "TW": "taiwan",
    "UA": "ukraine",
    "US": "united states|united states of america|usa|u.s.|u.s.a.|america",
    "VN": "vietnam",
    "ZA": "south africa",
}
CONSENT = frozenset(_EEA) | frozenset(_BESIDES)
_CODES = {
    name: code
    for table in (_EEA, _BESIDES, _OTHERS)
    for code, names in table.items()
    for name in names.split("|")
}


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The two letters of ISO 3166-1 that a code or an English name stands for; None where neither is known.

    Two letters are taken as they are, but for UK, which the United Kingdom reserves and nobody is to use.
    """
    name = " ".join(text.split()).casefold()
    if name in _CODES:
        return _CODES[name]
    return name.upper() if len(name) == 2 and name.isascii() and name.isalpha() else None
