"""Numbers and money as people write them, in keys that are equal when they mean the same.

Values stay text: a number of any length has its key, and nothing is rounded.
"""

import re
import unicodedata

# By how many powers of ten a word after the digits multiplies them.
POWERS = {
    **{"k": 3, "thousand": 3, "rb": 3, "ribu": 3, "千": 3, "万": 4, "萬": 4, "亿": 8},
    **{"million": 6, "mio": 6, "jt": 6, "juta": 6, "billion": 9, "miliar": 9},
}

_CODES = (
    "AED ARS AUD BRL CAD CHF CNY CZK DKK EGP EUR GBP HKD IDR ILS INR JPY KRW MXN MYR NOK NZD PHP"
    " PLN RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
CURRENCIES = {
    **{code.lower(): code for code in _CODES.split()},
    **{"$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD"},
    **{"a$": "AUD", "c$": "CAD", "s$": "SGD", "hk$": "HKD", "nz$": "NZD", "r$": "BRL"},
    **{"€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP"},
    **{"rp": "IDR", "rp.": "IDR", "rupiah": "IDR", "rm": "MYR", "ringgit": "MYR"},
    **{"₹": "INR", "rs.": "INR", "rupee": "INR", "rupees": "INR", "₩": "KRW", "won": "KRW"},
    **{"¥": "JPY", "yen": "JPY", "円": "JPY", "元": "CNY", "块": "CNY", "yuan": "CNY"},
    **{"rmb": "CNY", "人民币": "CNY", "₽": "RUB", "₺": "TRY", "฿": "THB", "₫": "VND", "₱": "PHP"},
    **{"dólar": "USD", "dólares": "USD", "dollari": "USD", "dollaro": "USD", "reais": "BRL"},
    **{"złotych": "PLN", "złote": "PLN", "рублей": "RUB", "рубля": "RUB", "kronor": "SEK"},
    **{"pesos": "MXN", "franken": "CHF"},
    **{"zł": "PLN", "kč": "CZK", "₪": "ILS", "₴": "UAH"},
}
# Counted in languages whose number words are not read: what stands before them can't be checked.
_UNREAD = (
    "lira forint korun kroner гривень долларов доларів dolarů dollaria dolar đồng ευρώ euroa euró"
)
UNREAD_CURRENCIES = frozenset(_UNREAD.split())
# A sign that several currencies share; what it says on its own is in CURRENCIES.
SHARED_SIGNS = {
    "$": frozenset({"USD", "AUD", "CAD", "SGD", "HKD", "NZD", "MXN", "TWD"}),
    "¥": frozenset({"JPY", "CNY"}),
}

_SEPARATORS = str.maketrans({"٫": ".", "٬": ",", "’": "'", "‘": "'", "−": "-", "‐": "-"})
_DASHES = str.maketrans(dict.fromkeys("‑‒–—", "-"))
_GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*+")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})++,\d{3}")


def plain(text: str) -> str:
    """The same text, character for character, with the digits and signs of a plain keyboard."""
    folded = text.translate(_SEPARATORS).translate(_DASHES)
    return folded if folded.isascii() else "".join(map(_plain_character, folded))


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isspace():
        return " "
    kind, _, code = unicodedata.decomposition(character).partition(" ")
    return chr(int(code, 16)) if kind == "<wide>" else character


def values(number: str, power: int = 0) -> frozenset[str]:
    """Every value that the digits can mean: “1.270” is 1270 in one country, 1.27 in another."""
    return frozenset(_shifted(*parts, power) for parts in _readings(number))


def _readings(number: str) -> list[tuple[str, str]]:
    separators = {character for character in number if not character.isdigit()}
    if not separators:
        return [(number, "")]
    readings = []
    if _GROUPED.fullmatch(number) or _INDIAN.fullmatch(number):
        readings.append((re.sub(r"\D", "", number), ""))
    whole, mark, fraction = _last_part(number)
    if mark in ".," and (whole.isdigit() or (mark not in whole and _is_grouped(whole))):
        readings.append((re.sub(r"\D", "", whole), fraction))
    if number.startswith("0") and len(readings) > 1:
        return readings[1:]
    return readings


def _last_part(number: str) -> tuple[str, str, str]:
    at = max(number.rfind(mark) for mark in ".,' ")
    return number[:at], number[at], number[at + 1 :]


def _is_grouped(whole: str) -> bool:
    return bool(_GROUPED.fullmatch(whole) or _INDIAN.fullmatch(whole))


def _shifted(whole: str, fraction: str, power: int) -> str:
    """`whole.fraction` times ten to the `power`, without zeros that say nothing."""
    moved = fraction[:power].ljust(power, "0")
    digits, rest = whole + moved, fraction[power:].rstrip("0")
    if rest or moved:
        digits = digits.lstrip("0") or "0"
    return f"{digits}.{rest}" if rest else digits
