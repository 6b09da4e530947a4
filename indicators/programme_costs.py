"""What a programme costs and yields, worked out again from the hypotheses that were published.

Amounts are in euros, rates are proportions, counts are counts. Pure arithmetic.
Source: Igas, *Évaluation de la COG 2014-2017 : gestion du risque*, 2017, annexes 7 (PRADO) and 8
(Sophia).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PradoHypotheses:
    """What the cost of PRADO is worked out from.

    Attributes:
        cam_fte: full-time equivalents of counsellors (CAM).
        cam_salary_eur: yearly cost of one of them.
        managers: heads of counsellors, in persons.
        manager_share: share of their time, in [0, 1].
        manager_salary_eur: yearly cost of one of them at full time.
        overhead_rate: management costs, as a proportion of the salaries.
        salary_adhesions: adhesions that salaries are divided by.
        budget_adhesions: adhesions that the budget is divided by.
    """

    cam_fte: float
    cam_salary_eur: float
    managers: float
    manager_share: float
    manager_salary_eur: float
    overhead_rate: float
    salary_adhesions: float
    budget_adhesions: float


@dataclass(frozen=True)
class PradoCost:
    """The cost of PRADO under some hypotheses, in euros."""

    hypotheses: PradoHypotheses

    @property
    def cam_salaries(self) -> float:
        """Salaries of the counsellors."""
        return self.hypotheses.cam_fte * self.hypotheses.cam_salary_eur

    @property
    def manager_salaries(self) -> float:
        """Salaries of their heads, for the share of their time."""
        known = self.hypotheses
        return known.managers * known.manager_share * known.manager_salary_eur

    @property
    def salaries(self) -> float:
        """All salaries."""
        return self.cam_salaries + self.manager_salaries

    @property
    def overhead(self) -> float:
        """Management costs."""
        return self.salaries * self.hypotheses.overhead_rate

    @property
    def budget(self) -> float:
        """Salaries and management costs."""
        return self.salaries + self.overhead

    @property
    def salaries_per_adhesion(self) -> float | None:
        """Salaries over the adhesions taken for them; None without any."""
        return ratio(self.salaries, self.hypotheses.salary_adhesions)

    @property
    def budget_per_adhesion(self) -> float | None:
        """Budget over the adhesions taken for it; None without any."""
        return ratio(self.budget, self.hypotheses.budget_adhesions)

    @property
    def overhead_effect(self) -> float | None:
        """What management costs add to the cost of an adhesion, adhesions being the same."""
        return ratio(self.overhead, self.hypotheses.salary_adhesions)

    @property
    def adhesions_effect(self) -> float | None:
        """What dividing by the other count of adhesions changes, the budget being the same."""
        before = ratio(self.budget, self.hypotheses.salary_adhesions)
        after = self.budget_per_adhesion
        return None if before is None or after is None else after - before


def ratio(numerator: float | None, denominator: float | None) -> float | None:
    """One over the other; None where either is unknown or nothing is divided by."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return numerator / denominator


def adhesions_made(
    teams: list[tuple[float | None, float | None]], month_count: float
) -> float | None:
    """Adhesions that counsellors make over some months; None where one figure is unknown.

    Args:
        teams: full-time equivalents and adhesions of each a month, by volet.
        month_count: months.
    """
    made = 0.0
    for fte, per_month in teams:
        if fte is None or per_month is None:
            return None
        made += fte * per_month * month_count
    return made if teams else None


def calls_per_day(calls: float, nurse_fte: float, working_days: float) -> float | None:
    """Calls of one nurse on one working day; None without nurses or days."""
    return ratio(calls, nurse_fte * working_days)
