# SPDX-License-Identifier: MIT
"""What a query has to find, worked out another way than in the product: folded words, and whether they are there."""
import functools
import unicodedata

TYPED = {"æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i", "ħ": "h"}
# Letters that are words of their own: kana, ideographs, Thai and so on.
ALONE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x312F), (0x31A0, 0x31FF),
         (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
IGNORED = "\u00ad\u200c\u200d\u2060\ufeff"
QUOTES = "\"“”„‟«»"


def folded(character):
    """The folded code points of one."""
    if character in IGNORED:
        return ""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(TYPED.get(letter, letter) for letter in apart)


def is_letter(character):
    return unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl") and character not in "ʻʼʽ"


def is_alone(character):
    return any(first <= ord(character) <= last for first, last in ALONE)


def is_dropped(mark):
    joining = unicodedata.combining(mark)
    return joining == 1 or 10 <= joining <= 36 or joining >= 200


@functools.lru_cache(4096)
def tokens(text):
    """[(word, start, end)], in code points."""
    found, word, start, end = [], "", 0, 0

    def finish():
        nonlocal word
        if word:
            found.append((word, start, end))
        word = ""

    for at, character in enumerate(text):
        for letter in folded(character):
            if unicodedata.category(letter).startswith("M"):
                if word:
                    word, end = word + ("" if is_dropped(letter) else letter), at + 1
            elif not is_letter(letter):
                finish()
            else:
                if word and (is_alone(letter) or is_alone(word[0])):
                    finish()
                if not word:
                    start = at
                word, end = word + letter, at + 1
    finish()
    return found


def words(text):
    return [word for word, _, _ in tokens(text)]


def places(text, phrase, prefix=False):
    """[(start, end)] where the words of the phrase stand in a row."""
    there, found = tokens(text), []
    for i in range(len(there) - len(phrase) + 1):
        row = [word for word, _, _ in there[i:i + len(phrase)]]
        if row[:-1] == phrase[:-1] and (row[-1].startswith(phrase[-1]) if prefix else row[-1] == phrase[-1]):
            found.append((there[i][1], there[i + len(phrase) - 1][2]))
    return found


class Query:
    """Terms as they are written: word, "a phrase", begin*, -word."""

    def __init__(self, *terms):
        self.typed = " ".join(terms)
        self.terms = []
        for term in terms:
            excluded, bare = term.startswith("-"), term.removeprefix("-")
            quoted = bare[0] in QUOTES
            self.terms.append((words(bare), excluded, not quoted and bare.endswith("*") and len(words(bare)[-1]) >= 3))

    def finds(self, text):
        return all(bool(places(text, phrase, prefix)) != excluded for phrase, excluded, prefix in self.terms) \
            and not all(excluded for _, excluded, _ in self.terms)
