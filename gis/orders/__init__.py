"""Micro-tasks that are ordered (微任务、点单): windows, recurrence, limits and who may read what; pure."""
