"""One realistic record, used wherever a legal text needs a dataset."""

from __future__ import annotations

from typing import Any

GAUGE: dict[str, Any] = {
    "id": "6f1c1f8e-0001",
    "name": "pegel-queich",
    "title": "Pegel der Queich",
    "license_id": "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    "modified": "2026-11-01",
    "origin": "urn:landlab:origin:sensors",
    "publisher": [{"name": "Stadt Landau in der Pfalz", "email": "opendata@landau.example"}],
    "custodian": [{"name": "Tiefbauamt", "email": "tiefbauamt@landau.example"}],
    "notices": [],
    "resources": [{"id": "file-1", "name": "Messwerte", "notices": []}],
}

# For each code, parameters that are complete.
PARAMETERS: dict[str, dict[str, str]] = {
    "GEN": {"task": "Gewässerunterhaltung", "office": "Tiefbauamt"},
    "CHECK": {"level": "sample", "method": "Vergleich mit Handmessung", "date": "2026-10-01"},
    "COMPLETE": {"missing": "Werte vom 3. bis 5. Mai"},
    "AGE": {"date": "2026-01-01", "frequency": "http://publications.europa.eu/resource/authority/frequency/HOURLY"},
    "AVAIL": {
        "availability": "http://publications.europa.eu/resource/authority/planned-availability/STABLE",
    },
    "PRELIM": {"final": "nach sechs Wochen", "where": "https://daten.example/endgueltig"},
    "SENSOR": {"device": "Radarsonde", "calibration": "2026-03-01", "uncertainty": "± 2 cm"},
    "VGI": {"project": "Offene Pegel", "licence": "ODbL 1.0", "moderation": "no"},
    "MODEL": {"method": "Niederschlag-Abfluss-Modell", "horizon": "die nächsten 48 Stunden"},
    "STAT": {"method": "Cell-Key"},
    "ANON": {"method": "Raster von 100 m"},
    "GEOACC": {"accuracy": "± 5 m", "crs": "EPSG:25832", "survey_date": "2025-06-01"},
    "NOTLEGAL": {"source": "Amtsblatt Nr. 12/2026", "office": "Stadtbauamt"},
    "SAFETY": {"channel": "https://hochwasser.example/warnungen"},
    "THIRD": {"part": "Hintergrundkarte", "source": "OpenStreetMap", "licence": "ODbL 1.0"},
    "KNOWN": {"description": "Zeitstempel eine Stunde falsch", "since": "2026-10-25", "fix": "offen"},
    "DYN": {"reason": "keine Schnittstelle am Gerät", "fallback": "Datei jede Stunde"},
    "EXT": {"host": "Land Rheinland-Pfalz"},
    "NOENDORSE": {},
    "CLAUSE": {"legal_profile": "RP"},
}
