"""What is past its period is taken away once a day, in small steps, with a proof in the audit log."""
