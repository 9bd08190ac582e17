"""Charts as SVG text: plain functions from numbers and words to one ``<svg>`` element each.

Colours are CSS variables of the page, so that one drawing serves light, dark and print.
"""
