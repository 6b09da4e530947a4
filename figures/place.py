"""Where a figure stands among its peers: their middle half, their median, and the figure itself."""

from __future__ import annotations

from figures.figure_line import peers_place
from figures.formats import attainment_percent, percent
from figures.markup import text
from figures.sentences import peers_sentence
from indicators.reading import Reading

PAD = 0.06


def place_finding(reading: Reading) -> str:
    """Rank, median and whether the distance is more than chance."""
    said = peers_sentence(peers_place(reading))
    return f"{said[:1].upper()}{said[1:]}"


def place_strip(reading: Reading) -> str:
    """A strip: the peers' middle half as a band, their median, the figure with its interval.

    HTML only, so that it is painted at once; the sentence above it says the same.
    """
    place, own = reading.place, reading.attainment
    if own is None or place.median is None or place.q1 is None or place.q3 is None:
        return '<p class="v-empty">Pas de comparaison possible pour ce chiffre.</p>'
    shown = [own, place.q1, place.q3, place.median, 1.0]
    if reading.interval is not None:
        # A very wide interval is cut at the frame: the numbers under the strip tell it whole.
        shown += [max(reading.interval.lower, own - 0.6), min(reading.interval.upper, own + 0.6)]
    low, high = min(shown) - PAD, max(shown) + PAD

    def at(value: float) -> float:
        return round(min(max((value - low) / (high - low), 0.0), 1.0) * 100, 1)

    parts = [
        f'<i class="half" style="left:{at(place.q1)}%;width:{at(place.q3) - at(place.q1):.1f}%">'
        "</i>",
        f'<i class="median" style="left:{at(place.median)}%"></i>',
        f'<i class="goal" style="left:{at(1.0)}%"></i>',
    ]
    if reading.interval is not None:
        start, end = at(reading.interval.lower), at(reading.interval.upper)
        parts.append(f'<i class="range" style="left:{start}%;width:{end - start:.1f}%"></i>')
    parts.append(f'<i class="own" style="left:{at(own)}%"></i>')
    said = (
        f"Chiffre {attainment_percent(own)}, médiane {percent(place.median)}, moitié centrale de "
        f"{percent(place.q1)} à {percent(place.q3)}, objectif 100 %"
    )
    return (
        f'<div class="v-place" role="img" aria-label="{text(said)}">{"".join(parts)}</div>'
        '<p class="v-legend"><span><b class="k own"></b> ce chiffre et son intervalle à 95 %</span>'
        '<span><b class="k half"></b> moitié centrale des pairs</span>'
        '<span><b class="k median"></b> leur médiane</span>'
        '<span><b class="k goal"></b> objectif</span></p>'
    )
