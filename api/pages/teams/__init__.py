"""Pages of teams and training: teams, certificates, activities, the handbook."""

from api.pages.teams import activities, activity, certificates, handbook, teams
from api.rooms import joined

router = joined(certificates.router, teams.router, activities.router, activity.router, handbook.router)

__all__ = ["router"]
