"""Streets worth repairing: cases on streets, rates with intervals, clusters, trends, and how well they foretell."""
