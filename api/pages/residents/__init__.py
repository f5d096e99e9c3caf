"""Pages of residents and households."""

from api.pages.residents import acts, deciding, importing, minding, people, person, register_file, updates
from api.rooms import joined

router = joined(
    people.router,
    register_file.router,
    deciding.router,
    importing.router,
    minding.router,
    updates.router,
    person.router,
    acts.router,
)

__all__ = ["router"]
