"""What do received files hold, what is wrong with them, and what would they change?"""

from components.importing import importing_page
from components.session import current_build, require_scope

scope = require_scope()

importing_page(scope, current_build())
