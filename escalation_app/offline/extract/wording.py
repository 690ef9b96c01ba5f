"""Words that tell a summary's sentence from small talk, in English, Indonesian and Chinese.

Other languages are summarized without them, by place, figures and the words that recur.
"""

import re

# Said in every conversation, so they tell nothing about this one.
_COMMON = """
a about all also am an and any are as at be been being but by can could did do does doing for from
get go got had has have he her here him his how i if in is it its just let like me more my no not of
oh ok okay on one or our out she so some than that the their them then there these they this to too
up us very was we were what when where which who will with would yes you your yeah yep nope please
sure well right now ll re ve don didn doesn isn wasn
adalah akan aku anda atau bagaimana baik bisa dan dari dengan di dia dong gimana ini itu iya jadi
juga kah kak kalau kami kamu karena ke kita lagi mas mbak nya oke pada pak saja saya sih sudah untuk
ya yaitu yang
"""
_SMALL_TALK = """
hi hello hey hiya dear greetings good morning afternoon evening day night bye goodbye thank thanks
thx ty welcome great nice perfect awesome cool fine wonderful lovely excellent pleasure problem
worries appreciate glad happy help helping helpful assist assistance today else anything cheers luck
enjoy wait moment minute second hold sorry apologize apologise understand sounds take care much
halo hai selamat pagi siang sore malam terima kasih terimakasih makasih sama sampai jumpa mohon
maaf tunggu sebentar siap bantu membantu senang
"""
COMMON = frozenset(_COMMON.split())
SMALL_TALK = COMMON | frozenset(_SMALL_TALK.split())
HAN_SMALL_TALK = re.compile(
    r"(?:你好|您好|谢谢|多谢|感谢|不客气|不用谢|再见|拜拜|好的?|嗯+|哦|行|可以|祝您?你?|愉快|旅途|生活|的|了"
    r"|您|你|我|啊|呀|吧|呢|哈|那|就|明白|知道|没问题|太|非常|麻烦|帮助|为您?|服务|很高兴|能|到|[\W_])+"
)

# What a supervisor looks for: what is wanted, and what went wrong.
WISH = re.compile(
    r"\b(?:want(?:s|ed)?|need(?:s|ed)?|would like|i['’]d like|hoping to|looking for|looking to|trying to"
    r"|can (?:you|i)|could (?:you|i)|help me|demand|refund|cancel|change|return|exchange|replace|book|reserve"
    r"|transfer|speak to|talk to|supervisor|manager|human|real person|mau|ingin|minta|tolong|perlu"
    r"|butuh|batal(?:kan)?|kembali(?:kan)?|ganti)\b|想|要|帮|推荐|需要|请|退款|取消|投诉|转人工",
    re.IGNORECASE,
)
TROUBLE = re.compile(
    r"\b(?:cannot|can['’]?t|won['’]?t|doesn['’]?t work|nobody|no one|wrong|broken|defective|damaged"
    r"|missing|lost|late|delay(?:ed)?|fail(?:s|ed)?|error|unable|not able|unsuccessful|not successful|unfortunately|impossible"
    r"|declined|denied|there (?:is|are) no|charged|twice|stolen|fraud|passed away|ridiculous"
    r"|unacceptable|angry|upset|annoy(?:ed|ing)|frustrat\w{1,6}|terrible|worst|complain\w{0,4}"
    r"|urgent(?:ly)?|emergency|asap|tidak bisa|belum|gagal|rusak|salah|hilang|terlambat|kecewa"
    r"|marah|penipuan|ditolak|segera)\b|没有?(?:收到|人|用|退)|没有完全|不能|不行|无法|抱歉|坏|错误"
    r"|丢|失败|投诉|生气|还没|暂无",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"n['’]t\b|\b(?:not|never|nothing|still|again|already|because|but|instead|tidak|nggak|gak|bukan"
    r"|masih|karena|tapi)\b|没|不|但",
    re.IGNORECASE,
)
# What came of it, in the agent's words.
OUTCOME = re.compile(
    r"\b(?:ha(?:s|ve) been|successful\w{0,2}|confirmed|submitted|booked|cancell?ed|processed|refunded"
    r"|approved|escalat\w{1,4}|transferr?(?:ed|ing)?|policy|berhasil|sudah di\w{2,12}|telah)\b|已|成功",
    re.IGNORECASE,
)
# The agent's forms of speech: they ask for what the user says next, or say nothing.
ROUTINE = re.compile(
    r"how (?:can|may) i (?:be of )?(?:help|assist|service)|anything else|glad (?:i|to)|happy to help"
    r"|i can (?:help|assist)(?: you)? with that|(?:could|can|may) (?:you|i) (?:please )?(?:have|provide)"
    r"|please (?:let me know|provide|confirm|wait|hold)|(?:are|is) as follows|here (?:is|are) the"
    r"|feel free|more detailed instructions|i(?:['’]m| am) (?:very |so |really )?sorry to hear"
    r"|don['’]t (?:quite )?understand what you mean|ada lagi yang|ada yang bisa",
    re.IGNORECASE,
)
# A heading, a line of a list or a table, or words that only announce what follows.
FRAGMENT = re.compile(r"^(?:[-*#|•]|\d{1,2}[.)]\s)|[:：]\W*$")
# A short sentence with one of these only ends or eases the talk.
CLOSING = re.compile(
    r"\b(?:thanks?|thank (?:you|u)|thx|bye|goodbye|that['’]?s (?:all|it|great|fine)|that (?:was|is|will be) all"
    r"|nice (?:chatting|talking)|have a (?:nice|good|great)|you(?:['’]re| are) welcome|no problem"
    r"|terima ?kasih|makasih|sama-sama)\b|谢|再见|不客气|客气|听着|不错。",
    re.IGNORECASE,
)
CLOSING_LENGTH, HAN_CLOSING_LENGTH = 45, 14
