"""Parts of the fault tests: a service that is killed, the database under it, a crowd that uses both, and what must hold."""
