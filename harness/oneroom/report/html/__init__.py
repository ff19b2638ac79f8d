"""The report as one HTML file that needs no network and no server: suite page and failure pages.

Rules: Python says what is told (words, figures, intervals), the page only draws it. Names come from
files that others wrote: they reach the page as text and never as markup.
"""
