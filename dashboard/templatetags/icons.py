"""Heroicons, each drawn once: to draw one anew takes the library as long as ten lines of a list take us."""

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

heroicon_mini = lru_cache(512)(heroicons.heroicon_mini)
heroicon_outline = lru_cache(512)(heroicons.heroicon_outline)

register.simple_tag(heroicon_mini)
register.simple_tag(heroicon_outline)
