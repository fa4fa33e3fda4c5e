"""What actors want: how each kind of preference values the states, for sure or draw by draw.

One file a kind says all that is particular to it, as one :class:`~.kind.PreferenceKind`;
:mod:`.registry` knows which is whose. Everything is evaluated in one way, over the draws of a
:class:`~.sample.Sample`, of which the most likely values are the one with a single draw.
"""

from foedus.preferences.kind import Difference, Entry
from foedus.preferences.priorities import counts_for_sure
from foedus.preferences.registry import (
    differences,
    entry_of,
    kind_of,
    preferences_in,
    sampled_preferences,
    samplers_of,
    view_of,
    views_of,
)
from foedus.preferences.sample import MOST_LIKELY, Floats, Sample
from foedus.preferences.sampled import Classes, SampledPreferences
from foedus.preferences.stances import StancesNotSupported
from foedus.preferences.support import AT_THRESHOLD, DEFAULT_THRESHOLD, OTHERWISE
from foedus.preferences.view import Levels, View, improves

__all__ = [
    "AT_THRESHOLD",
    "DEFAULT_THRESHOLD",
    "MOST_LIKELY",
    "OTHERWISE",
    "Classes",
    "Difference",
    "Entry",
    "Floats",
    "Levels",
    "Sample",
    "SampledPreferences",
    "StancesNotSupported",
    "View",
    "counts_for_sure",
    "differences",
    "entry_of",
    "improves",
    "kind_of",
    "preferences_in",
    "sampled_preferences",
    "samplers_of",
    "view_of",
    "views_of",
]
