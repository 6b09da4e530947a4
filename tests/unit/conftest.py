"""Settings of the unit tests."""

from hypothesis import settings

# A deadline would make the verdict depend on the machine's load; fixed examples keep runs alike.
settings.register_profile("unit", deadline=None, derandomize=True)
settings.load_profile("unit")
