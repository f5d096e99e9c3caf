"""Visits and the watch log (走访、邻里守望日志): what may be said of one, checklists, questions, who is due; pure."""
