"""Numbers in words are read in many languages, and ordinary words are not taken for numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_app.domain.grounding.numerals import Figures

READ = [
    ("a hundred dollars back", "a 100 dollars back"),
    ("within twenty-four hours", "within 24 hours"),
    ("two hundred and fifty-three thousand four hundred and one", "253401"),
    ("nineteen hundred", "1900"),
    ("a three-day trip of five-and-six", "a 3-day trip of five-and-six"),
    ("five and six", "5 and 6"),
    ("one dollar", "1 dollar"),
    ("zwanzig Euro in zwei Monaten", "20 Euro in 2 Monaten"),
    ("zweihundertfünfzig, einundzwanzig, Dreißig", "250, 21, 30"),
    ("zweitausendfünfhundert und eine Million", "2500 und 1000000"),
    ("vierentwintig uur, drieëntwintig, honderd, tweeduizend", "24 uur, 23, 100, 2000"),
    ("vingt et un jours, vingt-et-un", "21 jours, 21"),
    ("quatre-vingts, quatre-vingt-dix-neuf", "80, 99"),
    ("soixante-quinze et dix-sept", "75 et 17"),
    ("trois mille deux cents euros", "3200 euros"),
    ("treinta y seis, veinticuatro, doscientas", "36, 24, 200"),
    ("cento e vinte e cinco reais, três", "125 reais, 3"),
    ("duecentocinquanta, ventotto, ventitré", "250, 28, 23"),
    ("dua puluh empat, dua belas, dua ratus dua belas", "24, 12, 212"),
    ("seratus lima puluh ribu rupiah", "150000 rupiah"),
    ("tjugofem kronor", "25 kronor"),
    ("trzysta złotych", "300 złotych"),
    ("двадцать пять рублей", "25 рублей"),
    ("sei euro", "6 euro"),
    ("elf Tage", "11 Tage"),
    ("onze jours", "11 jours"),
]


@pytest.mark.parametrize(("words", "figures"), READ)
def test_numbers_are_read(words: str, figures: str) -> None:
    assert Figures(words).text == figures


@pytest.mark.parametrize(
    "words",
    [
        "One of them may wait a second, once more.",
        "A payment is due on Monday, hundreds of people complain.",
        "Sei sicuro? Un cliente.",
        "Le produit neuf est très bien.",
        "Ein Kunde ließ das außer Acht.",
        "O valor dos pedidos, um dos dias.",
        "Onze klant is een elf.",
        "Dia tinggal di Lima.",
        "The two-factor code of room A-two, two@shop.example, two_three.",
        "Sex, fire and dozens of tickets.",
        "Jahrhundert, tausendfach, percento, centrum, onemillion",
    ],
)
def test_other_words_stay(words: str) -> None:
    assert Figures(words).text == words


UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
TEENS = "fifteen sixteen seventeen eighteen nineteen"
SMALL = [*UNITS.split(), *TEENS.split()]
TENS = ["", "", *DECADES.split()]


def spelled(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    name, scale = next(
        one
        for one in [("million", 10**6), ("thousand", 1_000), ("hundred", 100)]
        if number >= one[1]
    )
    rest = number % scale
    joint = " and " if scale == 100 else " "
    return f"{spelled(number // scale)} {name}" + (joint + spelled(rest) if rest else "")


@given(st.integers(2, 10**9 - 1))
def test_every_english_number_is_read(number: int) -> None:
    assert Figures(f"It was {spelled(number)}.").text == f"It was {number}."


PIECES = st.sampled_from(
    [
        "two",
        "fifty",
        " ",
        "-",
        "hundred",
        "ein",
        "tausend",
        "x",
        "7",
        ".",
        "é",
        "één",
        "\n",
        "dollars",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_place_leads_back(text: str) -> None:
    figures = Figures(text)
    assert figures.start(0) == 0
    assert figures.end(len(figures.text)) == len(text)
    places = [figures.start(place) for place in range(len(figures.text))]
    assert places == sorted(places)
    for place, old in enumerate(places):
        assert figures.end(place + 1) > old
        assert figures.text[place] == text[old] or figures.text[place].isdigit()
