"""Which departments touch which."""

from data.reference.neighbours import department_neighbours


def test_neighbours_are_those_of_the_atlas():
    found = department_neighbours()
    assert len(found) == 101
    assert found["43"] == {"07", "15", "42", "48", "63"}
    assert found["75"] == {"92", "93", "94"}
    assert found["2A"] == {"2B"}
    assert not any(found[code] for code in ("971", "972", "973", "974", "976"))


def test_neighbourhood_goes_both_ways_and_never_to_oneself():
    found = department_neighbours()
    assert all(code in found[other] for code, others in found.items() for other in others)
    assert not any(code in others for code, others in found.items())
