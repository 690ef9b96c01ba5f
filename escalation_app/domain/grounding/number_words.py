"""The words that numbers are written with, in the languages that are read.

Accents and capitals don't count: the words stand here without. Danish and Norwegian lack the
words that are English ones, too.
"""

# From two to nineteen.
_UNITS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen",
    "de": "zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn"
    " sechzehn siebzehn achtzehn neunzehn",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien"
    " zestien zeventien achttien negentien",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciseis diecisiete dieciocho diecinueve",
    "pt": "dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze"
    " dezesseis dezessete dezoito dezenove",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici"
    " quindici sedici diciassette diciotto diciannove",
    "id": "dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas",
    "ms": "dua tiga empat lima enam tujuh lapan sembilan sepuluh sebelas",
    "sv": "tva tre fyra fem sex sju atta nio tio elva tolv tretton fjorton femton sexton sjutton"
    " arton nitton",
    "pl": "dwa trzy cztery piec szesc siedem osiem dziewiec dziesiec jedenascie dwanascie"
    " trzynascie czternascie pietnascie szesnascie siedemnascie osiemnascie dziewietnascie",
    "ru": "два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать"
    " четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
}
# From twenty to ninety.
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "fr": "vingt trente quarante cinquante soixante septante huitante nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "sv": "tjugo trettio fyrtio femtio sextio sjuttio attio nittio",
    "da": "tyve tredive fyrre halvtreds tresindstyve halvfjerds firs halvfems",
    "no": "tjue tretti forti femti seksti sytti atti nitti",
    "pl": "dwadziescia trzydziesci czterdziesci piecdziesiat szescdziesiat siedemdziesiat"
    " osiemdziesiat dziewiecdziesiat",
    "ru": "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
}
# From two hundred to nine hundred, where they are words of their own.
_HUNDREDS = {
    "es": "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos"
    " novecientos",
    "pt": "duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
    "ru": "двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
    "pl": "dwiescie trzysta czterysta piecset szescset siedemset osiemset dziewiecset",
}
_MORE = {
    2: "duas dwie две twice zweimal tweemaal",
    3: "thrice dreimal driemaal",
    4: "fire",
    5: "fem",
    6: "seks",
    7: "syv",
    8: "otte",
    12: "dozen",
    14: "catorze",
    16: "dezasseis",
    17: "dezassete",
    19: "dezanove",
    21: "veintiuno veintiun veintiuna",
    22: "veintidos",
    23: "veintitres",
    24: "veinticuatro",
    25: "veinticinco",
    26: "veintiseis",
    27: "veintisiete",
    28: "veintiocho",
    29: "veintinueve",
    100: "seratus",
    1_000: "seribu",
    1_000_000: "sejuta",
}
# They multiply what stands before them; the first also stand alone, for “a hundred”.
_TIMES = {
    100: "hundred hundert honderd cent cien ciento cento cem hundra hundre hundrede sto сто",
    1_000: "thousand tausend duizend mille mil tusen tusind tysiac тысяча",
    1_000_000: "million miljoen millon milhao milione miljon milion миллион",
    1_000_000_000: "billion milliarde miljard",
}
_TIMES_ONLY = {
    100: "cents ratus",
    1_000: "mila ribu tysiace tysiecy тысячи тысяч",
    1_000_000: "millionen millions millones milhoes milioni juta miljoner miliony milionow"
    " миллиона миллионов",
    1_000_000_000: "milliarden miliar",
}
# Indonesian: dua belas is 12, dua puluh 20.
TEEN, TEN_TIMES = "belas", "puluh"
_ONES = (
    "one ein eine einen einem einer een un une una uno um uma satu ett jeden jedna один одна одну"
)
_BETWEEN = "and und en et y e og och"
# These are numbers too, but more often something else, in one language or another.
_AMBIGUOUS = (
    "once sei due otto dos sept neuf onze seize doze acht elf lima sex fire venti dozen"
    " cent cents mille mil sto"
)
# Without its accent it would be a number.
NO_NUMBERS = frozenset({"très"})
_HINTS = {1: "once sekali sebuah", 2: "both couple double kedua doppelt"}
_HAN = dict(zip("一二三四五六七八九十两俩", (*range(1, 11), 2, 2), strict=True))


def _in_order(tables: dict[str, str], first: int, step: int) -> dict[str, int]:
    return {
        word: first + step * place
        for words in tables.values()
        for place, word in enumerate(words.split())
    }


def _by_value(table: dict[int, str]) -> dict[str, int]:
    return {word: value for value, words in table.items() for word in words.split()}


def _unit_first(code: str, one: str, between: str) -> dict[str, int]:
    """From einundzwanzig to neunundneunzig."""
    return {
        f"{unit}{between}{tens}": ten + number
        for tens, ten in _in_order({code: _TENS[code]}, 20, 10).items()
        for number, unit in enumerate([one, *_UNITS[code].split()[:8]], 1)
    }


def _ten_first(code: str, one: str) -> dict[str, int]:
    """From tjugoett to nittionio; in Italian the ten loses its vowel before another."""
    return {
        f"{tens[:-1] if code == 'it' and unit[0] in 'uo' else tens}{unit}": ten + number
        for tens, ten in _in_order({code: _TENS[code]}, 20, 10).items()
        for number, unit in enumerate([one, *_UNITS[code].split()[:8]], 1)
    }


def _feminine(hundreds: dict[str, int]) -> dict[str, int]:
    return {f"{word[:-2]}as": value for word, value in hundreds.items() if word.endswith("os")}


ONES = frozenset(_ONES.split())
BETWEEN = frozenset(_BETWEEN.split())
AMBIGUOUS = frozenset(_AMBIGUOUS.split())
TIMES_ONLY = frozenset(_by_value(_TIMES_ONLY))
TIMES = _by_value(_TIMES) | _by_value(_TIMES_ONLY)
ADDS = {
    **_in_order(_UNITS, 2, 1),
    **_in_order(_TENS, 20, 10),
    **_in_order(_HUNDREDS, 200, 100),
    **_feminine(_in_order(_HUNDREDS, 200, 100)),
    **_unit_first("de", "ein", "und"),
    **_unit_first("nl", "een", "en"),
    **_ten_first("it", "uno"),
    **_ten_first("sv", "ett"),
    **_by_value(_MORE),
}
# What says a number on its own, but is mostly something else: an article, an adverb, a verb.
HINTS = {
    **{word: (ADDS | TIMES)[word] for word in AMBIGUOUS},
    **dict.fromkeys(ONES - {"um"}, 1),
    **_by_value(_HINTS),
    **_HAN,
}
