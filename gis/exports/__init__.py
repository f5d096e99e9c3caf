"""Sheets and files of places that leave the service: written row by row, safe to open in an office's programs."""
