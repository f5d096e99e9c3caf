"""Who is asked: eligible, ranked, matched; each with its reason."""
