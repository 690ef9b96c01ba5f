"""How numbers, amounts, dates, times and identifiers are written: one pattern for all of them.

Linear in the text's length: every part is bounded or possessive, and what one alternative has
read in vain the last one consumes.
"""

import re
from collections.abc import Iterable

from escalation_app.domain.grounding import dates
from escalation_app.domain.grounding.quantities import CURRENCIES, POWERS, UNREAD_CURRENCIES


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# Letters of scripts that put spaces between words; the others can't hold an identifier together.
_W = r"[^\W\u0E00-\u0E7F\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF]"
_L = r"[^\W\d_\u0E00-\u0E7F\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF]"
_NUMBER = r"(?:\d{1,3}(?:[ ']\d{3}(?!\d)){1,12}+(?:[.,]\d++)?+|\d++(?:[.,]\d++){0,12}+)"
_CURRENCY = f"(?:{_one_of(CURRENCIES)})"
_POWER = f"(?:{_one_of(POWERS)})(?!{_L})"
_PERCENT = rf"(?:%|(?:percent|per cent|persen|prozent|pct)(?!{_L}))"
_MONTH = f"(?:{_one_of(dates.MONTHS)})"
_MONTH_ALONE = f"(?:{_one_of(dates.MONTH_NAMES)})"
_WEEKDAY = f"(?:{_one_of(dates.WEEKDAYS)})"
_HALF = rf"(?:am|pm|a\.m\.|p\.m\.)(?!{_L})"

LEXEME = re.compile(
    rf"""
    (?P<link>(?:https?://|www\.)[^\s<>"'“”()（），。]++)
  | (?P<mail>[a-z0-9._+%-]{{1,64}}+@[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{1,6}}+)
  | (?P<year_first>(?P<y1>\d{{4}})[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?=T\d|(?![\d\w])))
  | (?P<year_last>(?P<a2>\d{{1,2}})(?P<s2>[-/.])(?P<b2>\d{{1,2}})(?P=s2)(?P<y2>\d{{4}}|\d\d)
      (?![\w]|[-/.]\d))
  | (?P<han_date>(?:(?P<y3>\d{{4}})[ ]?[年년][ ]?)?(?P<m3>\d{{1,2}})[ ]?[月월]
      (?:[ ]?(?P<d3>\d{{1,2}})[ ]?[日号號일])?)
  | (?P<day_first>(?P<d4>\d{{1,2}})(?:st|nd|rd|th|er|\.)?[ ]?(?:(?:of|de|di)[ ])?
      (?P<m4>{_MONTH})(?!{_L})(?:\.?,?[ ](?:de[ ])?(?P<y4>\d{{4}})(?!\d))?)
  | (?P<month_first>(?P<m5>{_MONTH})(?!{_L})\.?[ ](?P<d5>\d{{1,2}})(?:st|nd|rd|th)?(?![\w]|[.,:]\d)
      (?:,?[ ](?P<y5>\d{{4}})(?!\d))?)
  | (?P<month_year>(?P<m6>{_MONTH})(?!{_L})\.?,?[ ](?:de[ ])?(?P<y6>\d{{4}})(?![\w]|[.,:]\d))
  | (?P<month>{_MONTH_ALONE}(?![\w-]))
  | (?P<weekday>{_WEEKDAY}(?!{_W}))
  | (?P<time>(?P<h7>\d{{1,2}})(?::(?P<n7>\d\d)(?::\d\d)?(?![\d:])(?:[ ]?(?P<p7>{_HALF}))?
      |(?:\.(?P<n8>\d\d))?[ ]?(?P<p8>{_HALF})))
  | (?P<pair>(?P<a9>\d{{1,2}})/(?P<b9>\d{{1,2}})(?![\w]|[-/.,]\d))
  | (?P<money>(?P<c1>(?<!{_L}){_CURRENCY})[ ]?(?P<n1>{_NUMBER})(?:[ ]?(?P<t1>{_POWER}))?(?!{_L})
      |(?P<n2>{_NUMBER})(?:[ ]?(?P<t2>{_POWER}))?[ ]?(?P<c2>{_CURRENCY})(?!{_L}))
  | (?P<percent>(?P<n3>{_NUMBER})[ ]?{_PERCENT})
  | (?P<groups>\+?\(?\d{{1,20}}\)?(?:-\d{{1,20}}|[ ]\(?\d{{2,20}}\)?|-\(\d{{1,20}}\)){{1,8}}+(?!\d|[.,:/]\d|{_L}|-{_W}))
  | (?P<number>(?P<n4>{_NUMBER})(?:[ ]?(?P<t4>{_POWER}))?(?!{_L}|_|-{_L}*+\d))
  | (?P<unread>{_L}{{2,40}}+[ ](?:{_one_of(UNREAD_CURRENCIES)})(?!{_L}))
  | (?P<code>{_W}++(?:[-]{_W}++)*+)
  | (?P<han>[一二三四五六七八九十两俩])
    """,
    re.VERBOSE | re.IGNORECASE,
)
