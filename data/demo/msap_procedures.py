"""How often each procedure is asked for in the demonstration: the published counts by procedure."""

from __future__ import annotations

from dataclasses import dataclass

from data.reference.procedures import procedure_name


@dataclass(frozen=True)
class Procedure:
    """A procedure with its published requests and, where published, its stays of 2014.

    ``stays_a_request`` stands in where no stays were published: it is invented.
    """

    code: str
    requests_2014: int
    requests_2016: int
    stays_2014: int | None = None
    stays_a_request: float = 8.0

    def requests(self, year: int) -> float:
        """Published requests of the year; 2015 lies between."""
        share = (year - 2014) / 2
        return (1 - share) * self.requests_2014 + share * self.requests_2016

    def stays(self, year: int, requests: int) -> int:
        """Stays of the year: those published for 2014, in proportion to the requests made."""
        if self.stays_2014 is None or not self.requests(year):
            return round(self.stays_a_request * requests)
        share = 1 + 0.02 * (year - 2014)
        return max(requests, round(share * self.stays_2014 * requests / self.requests(year)))


PROCEDURES = {
    "chirurgie_ambulatoire": (
        Procedure("cristallin", 1134, 958, 40354),
        Procedure("cholecystectomie", 823, 529, 6919),
        Procedure("hernies_inguinales", 447, 311, 9044),
        Procedure("nez", 223, 57, 4328),
        Procedure("varices", 134, 36, 4116),
        Procedure("hernies_abdominales", 59, 102, 1486),
        Procedure("uterus", 58, 40, 6053),
        Procedure("avulsion_dentaire", 26, 38, 2541),
        Procedure("uterus_vulve_vagin_amp", 25, 0, None, 40.0),
        Procedure("angioplasties_membre_superieur", 21, 0, 530),
        Procedure("epaule", 18, 19, 527),
        Procedure("chirurgie_anale", 16, 1, 180),
        Procedure("lec", 13, 0, 501),
        Procedure("arthroscopies_genou", 7, 43, 1416),
        Procedure("canal_carpien_liberations", 8, 11, 574),
        Procedure("main_dupuytren", 8, 9, 119),
        Procedure("uretere", 5, 2, 1042),
        Procedure("col_uterin_vulve_vagin", 3, 3, 119),
        Procedure("trou_maculaire", 0, 20, None, 6.0),
        Procedure("glaucome", 0, 6, None, 9.0),
    ),
    "hors_chirurgie_ambulatoire": (
        Procedure("obesite", 737, 676, None, 1.15),
        Procedure("hdj_acte_se", 325, 64, None, 3.0),
        Procedure("bilan_diabete", 176, 0, None, 1.6),
        Procedure("canal_carpien", 0, 58, None, 6.0),
        Procedure("reparatrice", 2, 52, None, 1.2),
    ),
    "ssr": (
        Procedure("prothese_genou", 1278, 412, None, 6.2),
        Procedure("prothese_hanche", 580, 993, None, 6.8),
        Procedure("fracture_trochanter", 86, 135, None, 5.0),
        Procedure("prothese_hanche_fracture", 75, 134, None, 4.5),
        Procedure("ligamentoplastie", 56, 130, None, 9.0),
        Procedure("coiffe", 29, 245, None, 7.0),
    ),
}
"""By domain. Spellings that name one procedure are added up; procedures never asked are left."""

SPELLINGS = {
    "epaule": "Chirurgie l'épaule",
    "uterus": "Chirurgie utérus",
    "obesite": "Chir obésité",
    "prothese_hanche": "Prothèse hanche",
    "prothese_genou": "Prothèse genou",
}
"""How the file of 2014 writes some procedures, as the tables of that time did."""


def spelling(domain: str, number: int, year: int) -> str:
    """What the year's file calls the procedure at this place in the domain's list."""
    code = PROCEDURES[domain][number].code
    return SPELLINGS.get(code, procedure_name(code)) if year == 2014 else procedure_name(code)
