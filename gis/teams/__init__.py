"""Teams and training: certificates, activities and courses, who has a place, who was there. Pure."""
