# SPDX-License-Identifier: MIT
"""The answers the project lives for, from the store that a first start makes."""
import hashlib
import json

import schemas

WORDS = ("Maar ik leef te gulzig. Ik neem altijd van alles te veel. Op een dag zal mijn hart het ineens opgeven [] "
         "Misschien zullen ze op mijn grafsteen zetten: Deze man stierf aan te veel leven")
KERIM = {"id": "darko-kerim-bey", "kind": "character", "name": "Darko Kerim Bey"}
WORK = {"id": "from-russia-with-love", "title": "From Russia with Love"}


def test_quote_list_by_agent_gives_kerim_with_the_proof(seed):
    answer = seed.json("/v1/characters/darko-kerim-bey/quotes")
    assert answer["page"] == {"limit": 20, "total": 1, "next": None}
    text = json.loads(schemas.SEED_FILE.read_text(encoding="utf-8"))["text"]
    assert answer["data"] == [{
        "id": "from-russia-with-love-nl~1", "text": WORDS, "form": "direct", "attribution": "stated", "language": "nl",
        "speakers": [KERIM], "addressees": [], "about": [], "work": WORK,
        "review": {"id": "from-russia-with-love-nl", "revision": 1},
        "spans": [{"start": 2658, "end": 2842, "exact": WORDS, "prefix": text[2626:2658], "suffix": text[2842:2874]}],
        "text_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(), "spoiler": False,
        "url": "/v1/quotes/from-russia-with-love-nl~1"}]


def test_quote_list_by_agent_gives_kerim_as_plain_text(seed):
    assert seed.txt("/v1/characters/darko-kerim-bey/quotes.txt") == (
        WORDS + "\n— Darko Kerim Bey, From Russia with Love\n")


def test_quote_list_gives_kerim_by_any_name_of_his(seed):
    expected = seed.data("/v1/characters/darko-kerim-bey/quotes")
    for name in ("darko-kerim-bey", "Darko%20Kerim%20Bey", "Kerim+Bey", "kerim%20bey", "K%C3%89RIM-BEY", "DARKO_KERIM"):
        for parameter in ("character", "speaker"):
            assert seed.data(f"/v1/quotes?{parameter}={name}") == expected


def test_review_text_get_gives_the_text_byte_for_byte(seed):
    body = seed.get("/v1/reviews/from-russia-with-love-nl/text").body
    assert len(body) == 3333
    assert body.decode("utf-8") == json.loads(schemas.SEED_FILE.read_text(encoding="utf-8"))["text"]


def test_bundle_get_gives_the_seed_back(seed):
    given = json.loads(schemas.SEED_FILE.read_text(encoding="utf-8"))
    assert seed.json("/v1/reviews/from-russia-with-love-nl/bundle") == given


def test_store_get_counts_the_seed(seed):
    answer = seed.json("/v1")
    assert answer["counts"] == {"reviews": 1, "works": 3, "characters": 5, "people": 5, "organisations": 2, "quotes": 30,
                                "mentions": 39}
