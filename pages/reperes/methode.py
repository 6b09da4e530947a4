"""How is each figure computed, and what does each indicator mean?"""

from components.address import asked
from components.blocks import paint
from components.definitions import definitions_html, method_html
from components.session import require_scope
from indicators.attainment import Thresholds

scope = require_scope()

chosen = asked("definition")
paint(method_html(Thresholds.from_environment()), "methode")
paint(definitions_html(chosen), "definitions", in_sight="")
