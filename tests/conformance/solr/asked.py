"""What is asked of both engines: every feature of Solr's protocol that we answer, each in several ways.

These are over 300 lines because they are a list.  A request is the parameters of `/select`.
Those that CKAN sends while its own tests run are in `recorded.json`.
"""

from __future__ import annotations

import json
from pathlib import Path

CKAN = {"df": "text", "q.op": "AND", "tie": "0.1", "mm": "2<-1 5<80%", "qf": "name^4 title^4 tags^2 groups^2 text"}
DISMAX = {**CKAN, "defType": "dismax"}
EDISMAX = {**CKAN, "defType": "edismax"}
BOTH = {"df": "text", "q.op": "AND"}
EITHER = {"df": "text"}
BY_NAME = {"sort": "name asc"}

LUCENE = """
*:*
*
title:*
-title:*
quelle:*
-quelle:*
views_recent:*
-views_recent:*
issued_date:*
-issued_date:*
nosuchfield:*
nosuchfield:x
name:datensatz-0001
name:"datensatz-0001"
name:datensatz\\-0001
id:datensatz OR name:datensatz-0002
name:datensatz-000*
name:*-1999
name:datensatz-??99
name:d*-0*1
name:datensatz-0001~
name:datensatz-0001~1
name:datenzatz-0001~2
name:datensatz-01~0
name:/datensatz-00[0-4]./
name:/datensatz-.*7/
name:[datensatz-0100 TO datensatz-0110]
name:{datensatz-0100 TO datensatz-0110}
name:[datensatz-0100 TO datensatz-0110}
name:[datensatz-1990 TO *]
name:[* TO datensatz-0009]
name:{* TO datensatz-0009}
name:["datensatz-0100" TO "datensatz-0110"]
name:[z TO a]
tags:Bildung
tags:"Bevölkerung und Gesellschaft"
tags:Bev*
tags:*ung
tags:(Umwelt Verkehr)
tags:(Umwelt OR Verkehr)
tags:(Umwelt AND Verkehr)
tags:(+Umwelt -Verkehr)
tags:Umwelt tags:Verkehr
tags:umwelt
tags:[A TO C]
groups:umwelt
groups:(umwelt verkehr)
organization:stadt-a
organization:(stadt-a OR stadt-b)
organization:(stadt-a AND stadt-b)
organization:stadt-a AND license_id:"cc-by/4.0"
organization:stadt-a AND NOT license_id:"cc-by/4.0"
organization:stadt-a -license_id:"cc-by/4.0"
organization:stadt-a !license_id:"cc-by/4.0"
organization:stadt-a && groups:umwelt
organization:stadt-a || groups:umwelt
organization:stadt-a OR groups:umwelt AND tags:Umwelt
organization:stadt-a AND groups:umwelt OR tags:Umwelt
(organization:stadt-a OR organization:stadt-b) AND groups:umwelt
organization:stadt-a groups:umwelt OR tags:Umwelt
+organization:stadt-a groups:umwelt
+organization:stadt-a +groups:umwelt -tags:Umwelt
-organization:stadt-a
-organization:stadt-a -organization:stadt-b
NOT organization:stadt-a
(-organization:stadt-a)
organization:stadt-a (-groups:umwelt)
organization:stadt-a AND (-groups:umwelt)
organization:stadt-a AND NOT (-groups:umwelt)
organization:stadt-a AND (*:* -groups:umwelt)
*:* -organization:stadt-a
(organization:stadt-a)^3 groups:umwelt^0.5
organization:stadt-a^=2 OR groups:umwelt^=1
((organization:stadt-a))
filter(organization:stadt-a) AND groups:umwelt
organization:stadt-a /* ein Kommentar */ AND groups:umwelt
res_format:CSV
res_format:csv
res_format:(CSV PDF)
res_format:C*
res_format:[C TO P]
vocab_thema:a
vocab_thema:[a TO b]
quelle:"eigene Erhebung"
quelle:eigene\\ Erhebung
quelle:Zen*
quelle:[S TO Z]
extras_quelle:erhebung
extras_quelle:"eigene erhebung"
extras_quelle:zensus
extras_quelle:Fort*
permission_labels:(public OR "member-1")
permission_labels:("public" OR "creator-9")
state:active
state:(active OR draft)
dataset_type:dataset AND state:active AND capacity:public
site_id:"test" AND +entity_type:package AND +(id:"x" OR name:"datensatz-0005")
views_total:5
views_total:[10 TO 20]
views_total:{10 TO 20}
views_total:[10 TO 20}
views_total:[490 TO *]
views_total:[* TO 5]
views_recent:0
views_recent:[0 TO 0]
views_recent:(1 OR 2 OR 3)
views_recent:"7"
metadata_modified:[2020-01-01T00:00:00Z TO 2020-02-01T00:00:00Z]
metadata_modified:{2020-01-01T00:00:00Z TO *}
metadata_modified:[* TO 2019-06-01T12:30:00Z]
metadata_modified:[2020-01-01T00:00:00Z TO 2020-01-01T00:00:00Z+1MONTH]
metadata_modified:[2020-01-31T00:00:00Z/MONTH TO 2020-01-31T23:59:59Z+1MONTH/DAY]
metadata_modified:[2020-02-29T00:00:00Z-1YEAR TO 2020-02-29T00:00:00Z]
metadata_modified:[NOW-20YEARS TO NOW]
metadata_modified:[NOW/DAY-7DAYS TO *]
metadata_modified:[* TO NOW/YEAR-1000DAYS]
metadata_created:[2018-01-01T00:00:00Z TO 2018-03-01T00:00:00Z/DAY+2HOURS]
issued_date:[2019-01-01T00:00:00Z TO 2020-01-01T00:00:00Z}
issued_date:[* TO 2018-06-01T00:00:00Z]
minx:[8 TO 10] AND miny:[48 TO 50.5]
minx:{8.5 TO *}
title:Umsatz
title:umsätze
title:UMSATZ
title:umsatz title:index
title:(umsatz index)
title:(umsatz OR gewerbe)
title:(+umsatz -gewerbe)
title:"volumenindex des umsatzes"
title:"umsatzes volumenindex"
title:"volumenindex umsatzes"~1
title:"umsatzes volumenindex"~4
title:"Wahlergebnisse"
title:umsat*
title:Wahlb*
title:?msatz
title:*gewerbe
title:gewerbe~
title:gewerpe~1
title:umsazt~2
title:[umsatz TO v]
title:/um.atz/
title:Straßen
title:strassen
title:Strasse*
title:Wahl
title:Wahllokal
title:Lokal
title:Arbeitsmarkt
title:Behörden
title:behoerde
title:amt
title:ämter
title:Fahrrad
title:kita
title:und
title:der
title:"und der"
title:krankenhaus
title:2019
title:(wahl AND 2019)
notes:potsdam
notes:potsdam AND title:wahl
text:potsdam
text:"landeshauptstadt potsdam"
text:(stadt karte)
potsdam wahl
potsdam OR wahl
potsdam AND wahl
potsdam -wahl
potsdam NOT wahl
+potsdam wahl
umwelt^2 verkehr
"freie Hansestadt"
res_name:datei
res_name:"Datei 1"
name_ngram:satz
name_ngram:datens
name_ngram:x
title_ngram:umsa
title_ngram:"ums"
title_ngram:UMSATZ
name_ngram:0001 title_ngram:0001
_version_:[1 TO *]
url:x
urls:x
text:csv
license:x
author:x
x:(a AND (b OR c)) AND NOT d
name:"a*"
name:a&&b
a|b
- a
a - b
a + b
title:""
""
{!term f=tags}Umwelt
{!term f=organization}stadt-a
{!terms f=name}datensatz-0001,datensatz-0002,nichts
{!prefix f=name}datensatz-00
{!field f=title}Umsatz im Großhandel
{!field f=organization}stadt-a
{!raw f=organization}stadt-b
{!lucene df=title}umsatz
{!lucene q.op=OR df=title}umsatz gewerbe
{!dismax qf=title}umsatz gewerbe
{!edismax qf='title notes' v='umsatz gewerbe'}
{!type=lucene}organization:stadt-a
{!bool must=organization:stadt-a should=groups:umwelt}
{!bool must='organization:stadt-a' must_not='groups:umwelt'}
{!frange l=490}views_total
{!frange l=10 u=20 incl=false incu=false}views_total
{!frange u=3}sum(views_recent,views_total)
{!term f=views_total}5
{!terms f=views_total}5,6,7
{!term f=tags v='Umwelt'}
{!bool must=organization:stadt-a must=groups:umwelt}
{!bool should=organization:stadt-a should=groups:umwelt}
{!bool filter=organization:stadt-a should=groups:umwelt}
{!boost b=views_total}title:umsatz
{!query v='organization:stadt-a'}
{!query v=$nichts}
_query_:"organization:stadt-a"
_query_:"{!term f=tags}Umwelt" OR groups:bildung
_query_:"{!dismax qf=title}umsatz" AND organization:stadt-a
+{!term f=tags v=Umwelt} +organization:stadt-a
{!cache=false cost=5}organization:stadt-a
title:umsatz ^3
title:umsatz ~2
title:"umsatz" ~2
title:umsatz~0.8
title:umsatz^0
title:umsatz &&title:gewerbe
title:umsatz||title:gewerbe
&&&
*:umsatz
title:umsatz NOT NOT title:gewerbe
title:(umsatz) title:gewerbe
title:(umsatz)(gewerbe)
"umsatz"gewerbe
name:datensatz\\u002d0001
name:\\u0064atensatz-000*
name:"datensatz\\-0001"
title:/UMSATZ/
title:/Um.atz/
title:/umsatz|gewerbe/
title:/<1-5>/
title:/umsatz{1,2}/
name:/"datensatz"-0001/
name:/datensatz-\\d+/
name:/datensatz-000[^0-4]/
name:/^datensatz-0001$/
name:/d@1/
license_id:/cc-by\\/4.0/
views_total:[ 0 TO 10 ]
views_total:["0" TO "10"]
views_total:[10 TO 0]
views_total:\\-5
views_total:(5 OR 6)
minx:1e1
metadata_modified:"2020-01-01T00:00:00Z"
metadata_modified:["2020-01-01T00:00:00Z" TO "2021-01-01T00:00:00Z"]
metadata_modified:[NOW/DATE-10YEARS TO *]
metadata_modified:[2020-01-01T00:00:00Z-1DAY/MONTH TO 2020-01-01T00:00:00Z]
groups:["" TO *]
-groups:""
organization:["a" TO "stadt-b"]
organization:stadt?a
title:GROSSHANDEL
title:GROẞHAND*
title:ﬁnanz
title:½
title:SU\u0308D*
title:sued
title:umsatz_gewerbe
title:(„umsatz im großhandel“)
title:(+der +umsatz)
feld-mit-strich:x
"title":umsatz
http\\://example.org
filter(title:umsatz) -filter(title:gewerbe)
title:"umsatz der"
title:der*
title:/@/
views_total:/5/
views_total:5~
title:"umsatz großhandel"~3
metadata_modified:[2020-01-01T00:00Z TO *]
""".strip().splitlines()

# What ckanext-spatial sends for a box: how well a dataset's box and the asked one cover each other.
_COVERED = "mul(max(0,sub(min(10,maxx),max(8,minx))),max(0,sub(min(50,maxy),max(48,miny))))"
LUCENE.append(f"{{!frange incl=false l=0 u=1}}div(mul({_COVERED},2),add(4,mul(sub(maxy,miny),sub(maxx,minx))))")

REFUSED = """
a:b:c
(a
a)
[a TO
[a TO b
{a b}
a AND
AND a
OR
a OR OR b
a AND OR b
"offen
a \\
a^
a^x
title:(a OR OR b)
views_total:viel
views_total:[a TO b]
metadata_modified:2020
metadata_modified:[2020 TO NOW]
metadata_modified:[NOW TO NOW+1APFEL]
metadata_modified:gestern
issued_date:2020
{!nichtda}x
{!knn f=name}x
{!frange l=3}nichtda(views_total)
{!frange l=3}sum(views_total
title:/[/
()
title:( )
filter()
+
-
--
title:umsatz -
title:umsatz +
title:umsatz~1.5
title:\\umsatz
name:datensatz\\u00
{!term f='tags}Umwelt
{!term}x
issued_date:2019*
views_total:5*
minx:[8,5 TO 9]
metadata_modified:[NOW-1WEEK TO *]
metadata_modified:[NOW- TO *]
metadata_modified:[2020-02-30T00:00:00Z TO *]
_val_:"views_total"
""".strip().splitlines()

TYPED = """
umsatz
Umsatz im Großhandel
potsdam wahl 2019
wahl potsdam karte daten kreis amt
der haushalt
die stadt
und
Straße
strasse
Wahllokale
Fahrradweg
Kita
ämter
Wi-Fi
umsatz -gewerbe
+umsatz gewerbe
"umsatz im großhandel"
"umsatz" gewerbe
umsatz AND gewerbe
umsatz OR gewerbe
umsatz OR gewerbe index
umsatz NOT gewerbe
datensatz-0001
datensatz*
Umwelt
umwelt verkehr
(umsatz)
um/satz
umsatz & gewerbe
umsatz && gewerbe
umsatz || gewerbe
umsatz | gewerbe
umsatz - gewerbe
umsatz !
umsatz?
umsatz~
umsatz^2
C++
100 %
[umsatz]
{umsatz}
(((
um"satz
a
x y z
nirgendsdrin
umsatz nirgendsdrin
umsatz gewerbe nirgendsdrin
-umsatz
umsatz -nirgendsdrin
--umsatz
++umsatz
umsatz - - gewerbe
Umsatz: Gewerbe
umsatz::gewerbe
a:b:c
titel: umsatz
title:umsatz (gewerbe
"umsatz
umsatz "gewerbe
(umsatz OR gewerbe) AND index
umsatz AND OR gewerbe
AND umsatz
[a
{!term f=tags}Umwelt
umsatz {!term f=tags}Umwelt
http://example.org/x?a=b&c=d
10:30 Uhr
Haus- und Hofübersicht
„umsatz im großhandel“
umsatz\\
umsatz\u00a0gewerbe
Index der Erzeugerpreise gewerblicher Produkte Inland
""".strip().splitlines()

SORTS = """
name asc
name desc
title_string asc, name asc
title_string desc, name asc
metadata_modified desc, name asc
metadata_modified asc, name desc
metadata_created desc
views_total desc, name asc
views_total asc, name asc
views_recent desc, name asc
views_recent asc, name asc
organization asc, views_total desc, name asc
organization desc, license_id asc, metadata_modified desc, name asc
quelle asc, name asc
quelle desc, name desc
issued_date asc, name asc
issued_date desc, name asc
nosuchfield asc, name asc
score desc, name asc
score desc, metadata_modified desc, name asc
id desc
state asc, name asc
minx asc, name asc
sum(views_total,1) asc, name asc
product(views_total,-1) asc, name asc
exists(views_recent) desc, name asc
if(exists(views_recent),1,0) desc, name asc
def(views_recent,9) asc, max(views_total,sum(100,1)) asc, name asc
field(views_total) desc, name asc
ms(metadata_modified) asc, name asc
{!func}views_total asc, name asc
""".strip().splitlines()


def asked() -> list[dict[str, object]]:
    """All requests, without those that CKAN was heard to send."""
    made: list[dict[str, object]] = [{"q": text, **BOTH} for text in LUCENE]
    for text in LUCENE[::3]:
        made += [{"q": text, **EITHER}, {"q": "*:*", "fq": text}]
    for text in REFUSED:
        made += [{"q": text, **BOTH}, {"q": "*:*", "fq": text}]
    for text in TYPED:
        made += [{"q": text, **DISMAX}, {"q": text, **EDISMAX}]
    made += [{"q": query, "sort": sort, **BOTH} for sort in SORTS for query in ("*:*", "title:umsatz", "text:potsdam")]
    return made + _faceted() + _shaped() + _combined()


def _faceted() -> list[dict[str, object]]:
    fields = ["tags", "organization", "res_format", "quelle", "vocab_thema", "license_id", "groups", "nosuchfield"]
    facet = {"facet": "true", "rows": "0", "facet.field": fields}
    options: list[dict[str, object]] = [
        {"facet.mincount": "1"},
        {"facet.mincount": "1", "facet.limit": "5"},
        {"facet.mincount": "1", "facet.limit": "-1"},
        {"facet.mincount": "0", "facet.limit": "-1"},
        {"facet.limit": "0"},
        {"facet.mincount": "50"},
        {"facet.sort": "index", "facet.mincount": "1"},
        {"facet.sort": "count", "facet.mincount": "1", "facet.limit": "-1"},
        {"facet.prefix": "s"},
        {"facet.prefix": "B", "facet.mincount": "1"},
        {"facet.missing": "true", "facet.mincount": "1"},
        {"facet.offset": "2", "facet.limit": "3", "facet.mincount": "1"},
        {"f.tags.facet.limit": "2", "f.organization.facet.sort": "index", "facet.mincount": "1"},
        {"facet.query": ["organization:stadt-a", "views_total:[* TO 100]", "{!key=neu}views_total:[400 TO *]"]},
    ]
    queries = ["*:*", "title:umsatz", "organization:stadt-a", "nosuchfield:x"]
    made = [{"q": query, **facet, **option} for query in queries for option in options]
    made += _tagged()
    steps = [
        ("views_total", "0", "500", "100"),
        ("views_total", "0", "100", "30"),
        ("views_recent", "0", "20", "7"),
        ("minx", "6", "15", "2.5"),
        ("metadata_modified", "2018-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "+1YEAR"),
        ("metadata_modified", "2018-01-01T00:00:00Z", "2018-12-31T00:00:00Z", "+1MONTH"),
    ]
    for name, start, end, gap in steps:
        base = {"q": "*:*", "rows": "0", "facet": "true", "facet.range": name}
        span = {"facet.range.start": start, "facet.range.end": end, "facet.range.gap": gap}
        made += [{**base, **span}, {**base, **span, "facet.range.other": "all", "facet.range.hardend": "true"}]
    return made


def _tagged() -> list[dict[str, object]]:
    """Facets that are counted without some filters, and with options of their own."""
    tagged = {
        "q": "*:*",
        "rows": "0",
        "facet": "true",
        "fq": ["{!tag=a,x}organization:stadt-a", "{!tag=b}groups:umwelt"],
    }
    fields: list[object] = [
        "{!ex=a}organization",
        ["{!ex=a key=org}organization", "organization"],
        "{!ex=a,b}organization",
        "{!ex=x}groups",
        "{!ex=nichts}organization",
        "{!key=k facet.limit=1}tags",
        "{!facet.prefix=stadt}organization",
        "{!facet.sort=index facet.mincount=0}organization",
        "{!terms='stadt-a,nichts' key=k}organization",
    ]
    made: list[dict[str, object]] = [{**tagged, "facet.field": each} for each in fields]
    made.append({**tagged, "facet.query": ["{!ex=a key=k}views_total:[0 TO 10]", "{!ex=b}views_total:[0 TO 10]"]})
    made.append(
        {"q": "{!tag=q}organization:stadt-a", "rows": "0", "facet": "true", "facet.field": "{!ex=q}organization"}
    )
    span = {"facet.range.start": "0", "facet.range.end": "100", "facet.range.gap": "30", "facet.range.other": "all"}
    ranges = ["{!ex=a}views_total", "{!key=k}views_total", "{!key=k facet.range.gap=25}views_total"]
    made += [{**tagged, **span, "facet.range": each} for each in ranges]
    ends: list[object] = ["lower", "upper", "edge", "outer", "all", ["lower", "edge"], ["lower", "outer"], "x"]
    made += [{**tagged, **span, "facet.range": "views_total", "facet.range.include": each} for each in ends]
    wrong = [{"facet.range.other": "before,after"}, {"facet.range.start": "500"}, {"facet.range.gap": "0"}]
    made += [{**tagged, **span, "facet.range": "views_total", **each} for each in wrong]
    wrong = [
        {"facet.limit": ""},
        {"facet.limit": "99999999999"},
        {"facet.mincount": "x"},
        {"facet": "1"},
        {"facet": ""},
    ]
    return made + [{**tagged, "facet.field": "tags", **each} for each in wrong]


def _shaped() -> list[dict[str, object]]:
    """Windows on the answers, and what of a document is given."""
    windows = [("0", "5"), ("5", "5"), ("1995", "10"), ("3000", "10"), ("0", "0")]
    made: list[dict[str, object]] = [{"q": "*:*", "start": start, "rows": rows, **BY_NAME} for start, rows in windows]
    fields = [
        "id",
        "name",
        "id,name",
        "id name",
        "*",
        "na*",
        "res_*",
        "id,data_dict",
        "neu:name,id",
        "tags,nosuchfield",
        "wert:score",
        "name name,title",
        ",name",
        "",
    ]
    made += [{"q": "*:*", "rows": "3", "fl": field, **BY_NAME} for field in fields]
    refused = [{"rows": "-1"}, {"start": "-1"}, {"rows": "viele"}, {"sort": "name"}, {"sort": "name up"}, {"sort": ","}]
    refused += [{"rows": each} for each in ("", " 5", "1_0", "2147483648", "1.5")] + [{"cursorMark": ""}, {"q.op": "x"}]
    made += [{"q": "*:*", **params} for params in refused]
    made += [
        {},
        {"q": ""},
        {"q": "", **DISMAX},
        {"q": "", "q.alt": "*:*", **DISMAX},
        {"q": "*:*", "defType": "nichtda"},
    ]
    made += [
        {"q": "*:*", "facet": "vielleicht"},
        {"q": "umsatz", **DISMAX, "mm": "x"},
        {"q": "umsatz", **DISMAX, "tie": "x"},
    ]
    return made


def _combined() -> list[dict[str, object]]:
    """dismax with its other parameters, and filters together."""
    minimums = ["1", "2", "-1", "75%", "-25%", "100%", "0%", "2<75%", "1<1 3<50%", "3", "9"]
    made: list[dict[str, object]] = [
        {"q": "umsatz gewerbe index inland", **parser, "mm": minimum, "q.op": "OR"}
        for minimum in minimums
        for parser in (DISMAX, EDISMAX)
    ]
    extra: list[dict[str, object]] = [
        {"pf": "title^3"},
        {"pf": "title text", "ps": "2"},
        {"pf2": "title"},
        {"bq": "organization:stadt-a^5"},
        {"bf": "views_total"},
        {"bf": "recip(ms(NOW,metadata_modified),3.16e-11,1,1)^2"},
        {"boost": "views_total"},
        {"qf": "title"},
        {"qf": "title^2 notes"},
        {"tie": "1.0"},
        {"qs": "2"},
    ]
    made += [{"q": "umsatz gewerbe", **parser, **params} for params in extra for parser in (DISMAX, EDISMAX)]
    filters: list[list[str]] = [
        ['+site_id:"test"', "+state:active", '+permission_labels:("public" OR "member-1")'],
        ["+dataset_type:dataset", '+site_id:"test"', "+state:active"],
        ["-dataset_type:harvest", "capacity:public"],
        ["organization:stadt-a groups:umwelt", "res_format:CSV"],
        ['tags:"Umwelt"', "license_id:cc-by/4.0"],
        ["-state:deleted", "-state:draft", "views_recent:[5 TO *]"],
    ]
    made += [{"q": query, "fq": each, **BOTH} for each in filters for query in ("*:*", "text:potsdam", "title:umsatz")]
    return made


def recorded() -> list[dict[str, object]]:
    """The requests that CKAN 2.12 sends while its own tests run."""
    text = Path(__file__).with_name("recorded.json").read_text(encoding="utf-8")
    return json.loads(text.replace("test.ckan.net", "test"))  # the site of our documents
