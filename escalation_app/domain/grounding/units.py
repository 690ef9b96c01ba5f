"""Words that are counted: beside one of them, a word that can be a number is one."""

_WORDS = """
day days hour hours minute minutes week weeks month months year years night nights time times
percent item items piece pieces order orders person people bag bags ticket tickets payment payments
tag tage tagen stunde stunden minuten woche wochen monat monate monaten jahr jahre jahren mal prozent
euro stück artikel personen
dag dagen uur uren minuut weken maand maanden jaar jaren keer procent stuks
jour jours heure heures minutes semaine semaines mois an ans fois articles colis personnes
día días hora horas minuto minutos semana semanas mes meses año años vez veces vezes
artículos personas pessoas itens
giorno giorni ora ore minuti settimana settimane mese mesi anno anni volta volte persone
hari jam menit minggu bulan tahun kali malam buah orang persen
dagar timmar veckor månader gånger dager timer uker måneder ganger dage uger gange
dni godzin godziny tygodni tygodnie miesięcy razy
дня дней часа часов минут недели недель месяца месяцев раза раз
"""
UNITS = frozenset(_WORDS.split())
