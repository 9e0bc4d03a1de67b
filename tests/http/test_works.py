# SPDX-License-Identifier: MIT


def test_work_list_gives_all_works_in_the_order_of_their_ids(store):
    assert store.client.walk("/v1/works?limit=200") == store.model.work_list()


def test_work_get_gives_each_work(store):
    for work in store.model.work_list()[-10:]:
        assert store.client.json(work["url"]) == work


def test_work_get_names_contributors_and_relations(books):
    film, novel = books.json("/v1/works/work-beta"), books.json("/v1/works/work-alpha")
    assert film["title"] is None
    assert film["contributors"] == [
        {"role": "actor", "id": "person-three", "kind": "person", "name": "Person Three",
         "character": {"id": "agent-one", "kind": "character", "name": "Agent One"}},
        {"role": "director", "id": "organisation-four", "kind": "organisation", "name": "Organisation Four",
         "character": None}]
    assert [(relation["to"], relation["title"]) for relation in novel["relations"]] == [
        ("work-gamma", "Work Gamma: «Ünïcode» & <markup>"), ("work-not-here", None)]


def test_work_get_of_a_wrong_id_offers_the_nearest_ids(seed):
    for below in ("", "/reviews", "/characters", "/quotes"):
        problem = seed.problem("/v1/works/from-russia-with-lov" + below, 404, "not-found")
        assert problem["nearest"][0] == "from-russia-with-love"


def test_work_get_and_review_get_take_ids_and_no_titles(books):
    for path in ("/v1/works/Work%20Alpha", "/v1/works/WORK-ALPHA", "/v1/reviews/Bulk", "/v1/reviews/Review-Omega"):
        books.problem(path, 404, "not-found")
