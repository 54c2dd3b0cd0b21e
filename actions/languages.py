"""Which language a message is written in, as far as a few frequent words or the script tell, and a polite word in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LEAST_WORDS = 2  # of a language's frequent words; one alone may be a name


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Frequent words that no English message has; the word in the language says what is supported, and offers a ticket.
_WORDS: Mapping[str, frozenset[str]] = {
    "de": _words(
        "ich wir sie ist sind nicht und der das ein eine einen wie kann können konnte mein meine meinen mit für auf wo "
        "warum habe haben bitte danke guten rechnung konto kontakte seit wird werden nach bei zum zur kein keine "
        "geht"
    ),
    "fr": _words(
        "je nous vous est sont pas les des une un comment mon ma mes avec pour dans où pourquoi bonjour merci compte "
        "facture depuis peux puis peut sur du et mot passe ça c'est j'ai n'est d'un fait aide"
    ),
    "es": _words(
        "yo nosotros ustedes es está están los las una uno cómo como mi mis para en dónde donde por qué hola "
        "gracias cuenta factura desde puedo puede el y ayuda contraseña necesito quiero tengo hasta mes se ha"
    ),
    "it": _words(
        "io noi voi è sono non gli il lo della del una mio mia dove perché buongiorno ciao grazie conto "
        "fattura posso può che ho vorrei questo anche più"
    ),
    "pt": _words(
        "eu nós você vocês é são não os uma um como meu minha com para onde porque por olá obrigado obrigada conta "
        "fatura posso pode quero está consigo tenho da que"
    ),
    "nl": _words(
        "ik wij jullie u zijn niet het een hoe kan mijn met voor waar waarom hallo bedankt rekening factuur sinds "
        "wil graag heb hebben op naar geen de wordt"
    ),
    "pl": _words(
        "ja nie jest są jak mogę moje mój moja z dla gdzie dlaczego dzień dobry dziękuję konto fakturę faktura od na "
        "chcę się mam proszę czy "
    ),
}
_REPLIES: Mapping[str, str] = {
    "de": (
        "Leider kann ich hier nur auf Englisch helfen, bei Fragen zu PipeRocks CRM: Abrechnung, Technik, Funktionen und "
        "Anpassung. Schreiben Sie mir gern auf Englisch, oder ich öffne ein Ticket für unser Team."
    ),
    "fr": (
        "Je ne peux malheureusement aider qu'en anglais, pour PipeRocks CRM : facturation, technique, fonctions et "
        "personnalisation. Écrivez-moi en anglais, ou j'ouvre un ticket pour notre équipe."
    ),
    "es": (
        "Lo siento, aquí solo puedo ayudar en inglés, con PipeRocks CRM: facturación, problemas técnicos, funciones y "
        "personalización. Escríbame en inglés, o abro un ticket para nuestro equipo."
    ),
    "it": (
        "Mi dispiace, qui posso aiutare solo in inglese, su PipeRocks CRM: fatturazione, problemi tecnici, funzioni e "
        "personalizzazione. Mi scriva in inglese, oppure apro un ticket per il nostro team."
    ),
    "pt": (
        "Lamento, aqui só posso ajudar em inglês, com o PipeRocks CRM: faturação, problemas técnicos, funções e personalização. "
        "Escreva-me em inglês, ou abro um ticket para a nossa equipa."
    ),
    "nl": (
        "Helaas kan ik hier alleen in het Engels helpen, met PipeRocks CRM: facturering, techniek, functies en aanpassingen. "
        "Schrijf me in het Engels, of ik open een ticket voor ons team."
    ),
    "pl": (
        "Niestety mogę tu pomóc tylko po angielsku, w sprawach PipeRocks CRM: płatności, problemy techniczne, funkcje i "
        "dostosowanie. Proszę napisać po angielsku albo otworzę zgłoszenie dla naszego zespołu."
    ),
    "ru": (
        "К сожалению, здесь я могу помочь только на английском, по вопросам PipeRocks CRM: оплата, технические вопросы, функции "
        "и настройка. Напишите по-английски, или я открою заявку для нашей команды."
    ),
    "ja": (
        "申し訳ありませんが、ここでは英語でのみ、PipeRocks CRM（請求、技術、機能、カスタマイズ）についてお手伝いできます。"
        "英語でご記入いただくか、担当チームへのチケットを作成いたします。"
    ),
    "zh": (
        "很抱歉，我在这里只能用英语提供有关 PipeRocks CRM 的帮助：账单、技术、功能和自定义。"
        "请用英语书写，或者我为您向我们的团队提交工单。"
    ),
    "ar": (
        "عذرًا، يمكنني المساعدة هنا بالإنجليزية فقط بشأن PipeRocks CRM: الفوترة والمشاكل التقنية والميزات والتخصيص. "
        "يرجى الكتابة بالإنجليزية، أو يمكنني فتح تذكرة لفريقنا."
    ),
}
_SCRIPTS = (("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("CJK", "zh"), ("CYRILLIC", "ru"), ("ARABIC", "ar"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def language_of(text: str) -> str | None:
    """The code of the language, of those a word can be said in; None for English and for all that is not told."""
    names = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    for script, code in _SCRIPTS:
        if sum(name.startswith(script) for name in names) > (0 if code == "ja" else len(names) / 2):
            return code
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    counts = {code: sum(word in frequent for word in words) for code, frequent in _WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= LEAST_WORDS else None


def polite_word(text: str) -> str:
    """What is supported and the offer of a ticket, in the message's own language; empty where that is not known."""
    code = language_of(text)
    return _REPLIES[code] if code else ""
