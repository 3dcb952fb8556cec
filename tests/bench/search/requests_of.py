"""What CKAN asks of its search engine when somebody uses it: the bodies of `/select`, as CKAN 2.12 sends them."""

from __future__ import annotations

import random
from urllib.parse import urlencode

import documents

COUNT = 200  # requests of a row, so that no engine answers all of them from its memory

SITE = ['+site_id:"test"', "+state:active", '+permission_labels:("public")']
EVERY = {"facet": "true", "facet.limit": "50", "facet.mincount": "1", "wt": "json", "df": "text", "q.op": "AND"}
TYPED = {
    "defType": "dismax",
    "tie": "0.1",
    "mm": "2<-1 5<80%",
    "qf": "name^4 title^4 tags^2 groups^2 text",
}
FACETS = ["organization", "groups", "tags", "res_format", "license_id"]
FULL = "id validated_data_dict"
NEWEST = "score desc, metadata_modified desc"


def rows() -> dict[str, list[str]]:
    """For each page the bodies of its requests."""
    chance = random.Random(12)
    words = sorted({word for title in documents.texts()["title"] for word in title.split() if word.isalpha()})
    return {
        "start page": [_start()] * COUNT,
        "search page, five facets": [_page(chance, words) for _ in range(COUNT)],
        "API search": [_api(chance, words) for _ in range(COUNT)],
        "autocomplete": [_completion(chance, words) for _ in range(COUNT)],
    }


def _start() -> str:
    asked = {"q": "*:*", "facet.field": FACETS[:2], "rows": "5", "sort": "metadata_modified desc", "fl": FULL}
    return urlencode({**asked, "fq": ["+dataset_type:dataset", *SITE], **EVERY}, doseq=True)


def _page(chance: random.Random, words: list[str]) -> str:
    """The list of all, or one or two words; half of them narrowed by a facet; some further pages."""
    filters = chance.choice(["", "", ' organization:"stadt-a"', ' res_format:"CSV"', ' tags:"Umwelt"'])
    typed = " ".join(chance.sample(words, chance.choice([0, 1, 1, 2])))
    asked = {"q": typed, **TYPED} if typed else {"q": "*:*"}
    page = {"facet.field": FACETS, "rows": "21", "start": str(20 * chance.choice([0, 0, 0, 1, 2])), "fl": FULL}
    kind = "+dataset_type:dataset" + filters
    return urlencode({**asked, **page, "sort": NEWEST, "fq": [kind, *SITE], **EVERY}, doseq=True)


def _api(chance: random.Random, words: list[str]) -> str:
    word = chance.choice(words)
    texts = [f"title:{word}", f"title:{word} OR notes:{word}", f"tags:Umwelt AND text:{word}", "organization:stadt-b"]
    asked = {"q": chance.choice(texts), "rows": chance.choice(["11", "101"]), "sort": NEWEST, "fl": FULL}
    return urlencode({**asked, "fq": SITE, **EVERY}, doseq=True)


def _completion(chance: random.Random, words: list[str]) -> str:
    start = chance.choice([word for word in words if len(word) > 4]).lower()[: chance.choice([2, 3, 4, 5])]
    query = f"name_ngram:{start} OR title_ngram:{start}"
    asked = {"q": query, "rows": "11", "sort": NEWEST, "fl": "name,title"}
    return urlencode({**asked, "fq": ["+capacity:public", *SITE], **EVERY}, doseq=True)
