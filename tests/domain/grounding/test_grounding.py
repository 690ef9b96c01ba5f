import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from escalation_app.domain.detection import Utterance
from escalation_app.domain.grounding import Grounding
from escalation_app.domain.summary import SUMMARY_LIMIT, SummarySentence
from escalation_app.domain.vocabulary import Speaker


def said(*texts: str) -> list[Utterance]:
    return [Utterance(n, Speaker.USER, text) for n, text in enumerate(texts, 1)]


def check(sentence: SummarySentence, conversation: list[Utterance]) -> SummarySentence:
    return Grounding(conversation).check(sentence)


def doubt(sentence: str, message: str) -> str:
    return check(SummarySentence(sentence, (1,)), said(message)).doubt


SAME = [
    ("1,270 items were ordered.", "I ordered 1270 items"),
    ("1.270 Artikel.", "I ordered 1,270 items"),
    ("1270", "1 270 pieces"),
    ("1.270,50 $ was paid.", "It cost me $1,270.50!"),
    ("89.90 USD was charged.", "You charged me $89.90."),
    ("Charged 89,90 euros.", "Es waren 89.90 €"),
    ("Charged $89.90.", "It was 89.90 AUD"),
    ("500元", "¥500"),
    ("Paid IDR 150000.", "Saya bayar Rp 150.000"),
    ("Paid Rp1.500.000.", "sudah bayar 1,5 juta rupiah"),
    ("Paid Rp 150.000.", "Rp150rb"),
    ("On Nov 12 it failed.", "It failed on 12 November"),
    ("On November 12th.", "on 12/11"),
    ("On December 11.", "on 12/11"),
    ("Born 23 January 1997.", "DOB: 1997-01-23"),
    ("Am 12. November 2024.", "12/11/2024"),
    ("Le 12 novembre.", "12 Nov 2024"),
    ("On May 2.", "我5月2日出发"),
    ("Flies on 19 May at 13:00.", "on May 19, 2024 at 13:00 EST"),
    ("Arrives at 17:00.", "I arrive at 5 pm"),
    ("Arrives 5:00 p.m.", "17:00"),
    ("Pukul 13.00.", "at 13:00"),
    ("Charged two times.", "you charged me TWICE"),
    ("Charged 2 times.", "you charged me twice"),
    ("Ditagih dua kali.", "charged two times"),
    ("Charged twice.", "saya ditagih dua kali"),
    ("Waited 12 days.", "menunggu dua belas hari"),
    ("Waited 2 times.", "等了两次"),
    ("Takes 3 to 5 days.", "It takes 3-5 days"),
    ("Within 24 hours.", "within 24h"),
    ("Within 30 days.", "our 30-day window"),
    ("Order a-20417.", "my order is A-20417."),
    ("Order A-20417.", "Order A‑20417, with a hyphen that does not break"),
    ("User (james_taylor_7043), reservation 1n99u6.", "james_taylor_7043 and 1N99U6"),
    ("Reservation ID: MDCLVA.", "my reservation is mdclva"),
    ("Flight HAT152.", "HAT284/HAT152"),
    ("Call +628123456789.", "+62 812-3456-789"),
    ("Call 030 1234567.", "(030) 123-4567"),
    ("Mail A.B@Example.com.", "it's a.b@example.com, please"),
    ("15 percent off.", "15% off"),
    ("89.90, 12", "٨٩٫٩٠ ريال و ١٢ يوم"),
    ("12 pieces", "１２個"),
    ("Link https://shop.example/a?b=1.", "see (https://shop.example/a?b=1)"),
    ("![x](https://shop.example/1.png) **5**", "https://shop.example/1.png has 5"),
    ("She was angry (message 1) and left [1].", "no figures here"),
    ("As message 1 says, she left.", "no figures here"),
    ("One of them may come back once more.", "no figures here"),
]


@pytest.mark.parametrize(("sentence", "message"), SAME)
def test_what_means_the_same_is_found(sentence: str, message: str) -> None:
    assert doubt(sentence, message) == ""


DIFFERENT = [
    ("Charged $99.90.", "Charged $89.90", "“$99.90” is not in message 1."),
    ("Charged 89.90 EUR.", "Charged $89.90", "“89.90 EUR” is not in message 1."),
    ("Charged A$89.90.", "Charged $89.90", "“A$89.90” is not in message 1."),
    ("Charged $89.90.", "Charged 89.90", "“$89.90” is not in message 1."),
    ("Charged 3 times.", "charged me twice", "“3” is not in message 1."),
    ("Charged three times.", "charged me twice", "“three” is not in message 1."),
    ("Ditagih tiga kali.", "ditagih dua kali", "“tiga” is not in message 1."),
    ("2 days.", "menunggu dua belas hari", "“2” is not in message 1."),
    ("On 13 November.", "on 12/11", "“13 November” is not in message 1."),
    ("12 November 2024", "on 12 November", "“12 November 2024” is not in message 1."),
    ("At 17:00.", "at 5:00", "“17:00” is not in message 1."),
    ("15% off.", "15 days", "“15%” is not in message 1."),
    ("3-3 days.", "3-5 days", "“3-3” is not in message 1."),
    ("Order B-20417.", "Order A-20417", "“B-20417” is not in message 1."),
    ("Order 20417.", "Order A-20417", "“20417” is not in message 1."),
    ("PIN 42.", "PIN 0042", "“42” is not in message 1."),
    ("Reservation ID: MDCLVB.", "reservation MDCLVA", "“MDCLVB” is not in message 1."),
    ("Call 030 1234568.", "(030) 123-4567", "“030 1234568” is not in message 1."),
    ("Mail a@c.example.", "a@b.example", "“a@c.example” is not in message 1."),
    ("https://b.example/x", "https://a.example/x", "“https://b.example/x” is not in message 1."),
    ("As message 3 says.", "no figures here", "“3” is not in message 1."),
    ("It cost $1 and $2.", "nothing", "“$1” and “$2” are not in message 1."),
    ("11 12 13 14 15", "nothing", "“11 12 13 14 15” is not in message 1."),
    ("1, 2, 3, 4, 5", "nothing", "“1”, “2”, “3” and 2 more are not in message 1."),
]


@pytest.mark.parametrize(("sentence", "message", "expected"), DIFFERENT)
def test_what_differs_is_named(sentence: str, message: str, expected: str) -> None:
    assert doubt(sentence, message) == expected


def test_a_sentence_must_cite_a_message() -> None:
    assert check(SummarySentence("Anything.", ()), said("hi")).doubt == "No message is cited."


def test_cited_messages_must_exist() -> None:
    talk = said("I paid $5", "ok")
    assert check(SummarySentence("Anything.", (12,)), talk).doubt == "Message 12 does not exist."
    assert (
        check(SummarySentence("It was $6.", (1, 12, 13)), talk).doubt
        == "Messages 12 and 13 do not exist. “$6” is not in message 1."
    )


def test_only_cited_messages_count() -> None:
    talk = said("I paid $5", "I paid $6", "ok")
    assert check(SummarySentence("$5 and $6.", (1, 2)), talk).doubt == ""
    assert check(SummarySentence("$5.", (2, 3)), talk).doubt == "“$5” is not in messages 2 and 3."


def test_an_old_doubt_goes_and_the_rest_stays() -> None:
    sentence = SummarySentence(" $5, <b>said</b> she ", (1,), doubt="old")
    assert check(sentence, said("$5")) == SummarySentence(sentence.text, (1,))


def test_all_sentences_are_checked_each_on_its_own() -> None:
    grounding = Grounding(said("$5"))
    sentences = [SummarySentence("$5", (1,)), SummarySentence("$6", (1,))]
    assert [bool(grounding.check(one).doubt) for one in sentences] == [False, True]


def test_what_is_longer_than_a_summary_is_not_vouched_for() -> None:
    assert doubt("5 " * SUMMARY_LIMIT, "5") == "The sentence is too long to be checked."


PAID = "A-20417 cost $89.90, paid on 3 May 2026"


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("The customer was promised fifty dollars.", "fifty dollars"),
        ("The customer was promised a hundred dollars back.", "hundred dollars"),
        ("A refund comes within twenty-four hours.", "twenty-four"),
        ("The customer waited ninety days.", "ninety"),
        ("Der Kunde zahlte zwanzig Euro.", "zwanzig Euro"),
        ("Le client a payé vingt euros.", "vingt euros"),
        ("Il cliente ha pagato duecento euro.", "duecento euro"),
        ("El cliente pagó cien euros.", "cien euros"),
        ("O cliente pagou trinta reais.", "trinta reais"),
        ("De klant wacht vierentwintig uur.", "vierentwintig"),
        ("Pelanggan menunggu dua puluh hari.", "dua puluh"),
        ("Müşteri elli lira ödedi.", "elli lira"),
        ("The refund arrives on Monday.", "Monday"),
        ("Die Erstattung kommt am Montag.", "Montag"),
        ("Uang kembali hari Senin.", "Senin"),
        ("It was paid in June.", "June"),
        ("Bezahlt im Oktober.", "Oktober"),
        ("Payé en juin.", "juin"),
        ("Dibayar bulan Maret.", "Maret"),
    ],
)
def test_what_is_written_in_words_must_be_there_too(sentence: str, named: str) -> None:
    assert doubt(sentence, PAID) == f"“{named}” is not in message 1."


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Paid eighty-nine dollars.", "I paid $89"),
        ("Fünfzig Euro.", "50 €"),
        ("Paid 50 EUR.", "Ich habe fünfzig Euro bezahlt"),
        ("Within 24 hours.", "within twenty-four hours"),
        ("Within twenty-four hours.", "24h"),
        ("A 30-day window.", "thirty days"),
        ("A ten-day wait.", "I waited 10 days"),
        ("A twelve-year-old bag.", "my bag is 12 years old"),
        ("It was a Sunday in May.", PAID),
        ("Paid in May 2026.", PAID),
        ("On Monday.", "am Montag"),
        ("On Monday.", "hari Senin"),
        ("On Sunday.", "hari Minggu"),
        ("On Saturday.", "on Sat, please"),
        ("In June.", "am 4. Juni"),
        ("In June.", "2026-06-04"),
        ("In November.", "on 12/11"),
        ("In May.", "我5月2日出发"),
        ("In June two parcels came.", "two parcels came in June"),
        ("Two June orders.", "2 orders, since June"),
        ("At five pm.", "17:00"),
        ("Elli lira ödedi.", "elli lira ödedim"),
    ],
)
def test_what_is_written_in_words_is_found(sentence: str, message: str) -> None:
    assert doubt(sentence, message) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "One customer may wait a second, and once more may call.",
        "They march on, and so did April, June and August from support.",
        "May I ask? March on!",
        "The payment is due, the order is overdue, and she sat in the sun.",
        "A couple of tickets, both of them lost, and dozens or hundreds more.",
        "The two-factor code did not come.",
        "They won in dollars and want euros, not US dollars.",
        "Der Kunde hat eine Frage, sei es zum ersten Mal, und mag Mai Tai.",
        "Un client n’a pas reçu le produit neuf, très cher.",
        "Un cliente dice que no llega.",
        "Um dos pedidos não chegou na segunda vez.",
        "Onze klant heeft een vraag.",
        "Seorang pelanggan menunggu satu minggu.",
        "Non arriva mai, e lei aspetta.",
    ],
)
def test_ordinary_words_claim_nothing(sentence: str) -> None:
    assert doubt(sentence, "no figures here") == ""


FILLERS = st.lists(st.sampled_from(["the", "refund", "was", "sent", "退款", "uang"]), max_size=3)
DIGITS = st.text("0123456789", min_size=1, max_size=4)
TOKENS = st.one_of(
    st.builds("${}.{}".format, st.integers(1, 9_999), st.from_regex(r"[1-9]{2}", fullmatch=True)),
    st.builds("{:,} EUR".format, st.integers(1, 10**7)),
    st.builds(
        "{}-{}".format, st.from_regex(r"[A-Z]{1,3}", fullmatch=True), st.integers(100, 10**6)
    ),
    st.builds("{}%".format, st.integers(1, 99)),
    st.dates().map("{:%Y-%m-%d}".format),
    st.dates().map("{:%d.%m.%Y}".format),
    st.times().map("{:%H:%M}".format),
    st.builds("{} November".format, st.integers(1, 30)),
    st.builds("agent{}@shop.example".format, DIGITS),
    st.builds(
        "+{} {} {}".format, st.integers(1, 99), st.integers(100, 999), st.integers(1000, 9999)
    ),
    st.integers(0, 10**12).map(str),
)


@given(st.lists(st.tuples(FILLERS, TOKENS), min_size=1, max_size=4), FILLERS)
def test_facts_taken_literally_are_found(
    taken: list[tuple[list[str], str]], between: list[str]
) -> None:
    message = " and ".join(" ".join([*words, token]) for words, token in taken)
    tokens = [token for _, token in reversed(taken)]
    sentence = ", ".join(" ".join([*between, "so", token, "then"]) for token in tokens)
    assert doubt(sentence, message) == ""


@given(st.text(max_size=200), st.data())
def test_any_run_of_words_taken_literally_is_found(message: str, data: st.DataObject) -> None:
    words = message.split()
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, len(words)))
    assert doubt(" ".join(words[start:end]), message) == ""


@given(st.text("0123456789$€%.,:/- abm", max_size=60), st.data())
def test_so_is_any_run_of_figures(message: str, data: st.DataObject) -> None:
    words = message.split()
    start = data.draw(st.integers(0, len(words)))
    assert doubt(" ".join(words[start:]), message) == ""


@given(FILLERS, TOKENS, st.data())
def test_a_changed_digit_is_never_found(words: list[str], token: str, data: st.DataObject) -> None:
    places = [match.start() for match in re.finditer(r"\d", token)]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != token[place])
    changed = token[:place] + digit + token[place + 1 :]
    assert doubt(f"It was {changed} then.", " ".join([*words, "so", token])) != ""


@given(st.text(), st.text(), st.lists(st.integers(), max_size=4))
def test_no_text_breaks_the_check(sentence: str, message: str, cites: list[int]) -> None:
    check(SummarySentence(sentence, tuple(cites)), said(message))


HARD = [
    *("1", "1,", "1.", "1 ", "1'", "1 000 ", "111 ", "11 ", "12/", "12:", "1-", "(1) ", "(3 ", "["),
    *("a", "a-", "a.", "a@", "a_", "$", "$1", "may ", "may 1", "www.", "é", "１", "二", "5月"),
]


@pytest.mark.parametrize("piece", HARD)
def test_100_000_characters_of_anything_are_read(piece: str) -> None:
    message = (piece * 100_000)[:100_000]
    assert doubt("It was $77.", f"{message}a@%") == "“$77” is not in message 1."
