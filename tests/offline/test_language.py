"""The same two sentences in many languages: each is known as its own, and as no other."""

import pytest

from escalation_app.domain.languages import LANGUAGES
from escalation_app.offline.language import is_another_language

WRITTEN = {
    "ar": "تم خصم المبلغ من العميل مرتين للطلب A-1042 ويريد استرداد 250000. وعد الوكيل بالتحقق لكن لم يحدث شيء.",
    "cs": "Zákazníkovi byla objednávka A-1042 účtována dvakrát a chce vrátit 250 000. Agent slíbil, že to prověří, ale nic se nestalo.",
    "da": "Kunden blev opkrævet to gange for ordre A-1042 og vil have 250.000 tilbage. Agenten lovede at undersøge det, men der skete intet.",
    "de": "Dem Kunden wurde die Bestellung A-1042 zweimal berechnet und er will 250.000 zurück. Der Agent versprach eine Prüfung, aber nichts geschah.",
    "en": "The customer was charged twice for order A-1042 and wants a refund of 250,000. The agent promised to check it, but nothing happened.",
    "es": "Al cliente se le cobró dos veces el pedido A-1042 y quiere el reembolso de 250.000. El agente prometió revisarlo, pero no pasó nada.",
    "fi": "Asiakasta laskutettiin kahdesti tilauksesta A-1042 ja hän haluaa 250 000 takaisin. Agentti lupasi tarkistaa asian, mutta mitään ei tapahtunut.",
    "fil": "Dalawang beses siningil ang customer para sa order A-1042 at gusto niyang ibalik ang 250,000. Nangako ang ahente na susuriin ito, ngunit walang nangyari.",
    "fr": "Le client a été débité deux fois pour la commande A-1042 et veut un remboursement de 250 000. L'agent a promis de vérifier, mais rien ne s'est passé.",
    "he": "הלקוח חויב פעמיים עבור הזמנה A-1042 ורוצה החזר של 250,000. הסוכן הבטיח לבדוק אבל דבר לא קרה.",
    "hi": "ग्राहक से ऑर्डर A-1042 के लिए दो बार पैसे लिए गए और वह 250,000 वापस चाहता है। एजेंट ने जाँच का वादा किया, पर कुछ नहीं हुआ।",
    "id": "Pelanggan ditagih dua kali untuk pesanan A-1042 dan meminta pengembalian dana 250.000. Agen berjanji akan memeriksa, tetapi belum ada hasil.",
    "it": "Al cliente è stato addebitato due volte l'ordine A-1042 e vuole il rimborso di 250.000. L'agente ha promesso di controllare, ma non è successo nulla.",
    "ja": "お客様は注文A-1042で二重に請求され、250,000の返金を求めています。 担当者は確認を約束しましたが、何も起きていません。",
    "ko": "고객은 주문 A-1042에 대해 두 번 청구되어 250,000 환불을 원합니다. 상담원이 확인을 약속했지만 아무 일도 없었습니다.",
    "ms": "Pelanggan dicaj dua kali untuk pesanan A-1042 dan mahukan bayaran balik 250,000. Ejen berjanji untuk menyemak tetapi tiada apa-apa berlaku.",
    "nl": "De klant is twee keer belast voor bestelling A-1042 en wil 250.000 terug. De agent beloofde het na te kijken, maar er gebeurde niets.",
    "no": "Kunden ble belastet to ganger for bestilling A-1042 og vil ha 250 000 tilbake. Agenten lovet å sjekke det, men ingenting skjedde.",
    "pl": "Klient został dwukrotnie obciążony za zamówienie A-1042 i żąda zwrotu 250 000. Agent obiecał sprawdzić, ale nic się nie stało.",
    "pt": "O cliente foi cobrado duas vezes pelo pedido A-1042 e quer o reembolso de 250.000. O agente prometeu verificar, mas nada aconteceu.",
    "ru": "С клиента дважды списали деньги за заказ A-1042, и он требует вернуть 250 000. Агент обещал проверить, но ничего не произошло.",
    "sv": "Kunden debiterades två gånger för beställning A-1042 och vill ha 250 000 tillbaka. Agenten lovade att kontrollera det, men inget hände.",
    "th": "ลูกค้าถูกเรียกเก็บเงินสองครั้งสำหรับคำสั่งซื้อ A-1042 และต้องการเงินคืน 250,000 ตัวแทนสัญญาว่าจะตรวจสอบแต่ไม่มีอะไรเกิดขึ้น",
    "tr": "Müşteriden A-1042 numaralı sipariş için iki kez ücret alındı ve 250.000 iade istiyor. Temsilci kontrol edeceğine söz verdi ama hiçbir şey olmadı.",
    "uk": "З клієнта двічі списали кошти за замовлення A-1042, і він вимагає повернути 250 000. Агент обіцяв перевірити, але нічого не сталося.",
    "vi": "Khách hàng bị tính tiền hai lần cho đơn A-1042 và muốn hoàn lại 250.000. Nhân viên hứa kiểm tra nhưng không có gì xảy ra.",
    "zh": "客户的订单A-1042被重复扣款，要求退还250,000。 客服承诺核实，但没有结果。",
}
# Languages that share so many words that a sentence or two could be either.
ALIKE = [{"id", "ms"}, {"da", "no"}]


@pytest.mark.parametrize("code", WRITTEN)
def test_a_language_is_not_taken_for_another(code: str) -> None:
    assert not is_another_language(WRITTEN[code], code)


@pytest.mark.parametrize("asked", WRITTEN)
def test_another_language_is_noticed(asked: str) -> None:
    for wrote, text in WRITTEN.items():
        if wrote != asked and {wrote, asked} not in ALIKE:
            assert is_another_language(text, asked), f"{wrote} for {asked}"


@pytest.mark.parametrize("asked", LANGUAGES)
def test_whatever_language_the_settings_name_another_is_noticed(asked: str) -> None:
    assert is_another_language(WRITTEN["de" if asked == "en" else "en"], asked)


def test_the_customers_own_words_may_be_quoted_in_any_language() -> None:
    quoted = (
        "Dewi Lestari wrote “Saya marah sekali, tolong kembalikan uang saya sekarang” and waits."
    )
    assert not is_another_language(quoted, "en")


@pytest.mark.parametrize("text", ["", "OK", "Order A-1042: 250,000", "!!! 12345 \u200b"])
def test_too_little_text_has_the_benefit_of_the_doubt(text: str) -> None:
    assert not is_another_language(text, "id")


def test_a_language_that_nobody_can_identify_is_never_objected_to() -> None:
    assert not is_another_language(WRITTEN["en"], "tlh")
