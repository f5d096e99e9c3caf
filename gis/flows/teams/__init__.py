"""Teams, certificates, activities and courses: one file for each."""
