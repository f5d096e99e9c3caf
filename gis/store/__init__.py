"""The database and the files: the only room that knows SQLAlchemy."""
