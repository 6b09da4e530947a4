"""What do received files hold, what is wrong with them, and what would they change?"""

from components.importing import FilesToGive, importing_page
from components.session import current_build, require_scope
from exports.import_file import checked_file, contract_file

scope = require_scope()

importing_page(scope, current_build(), FilesToGive(contract_file, checked_file))
