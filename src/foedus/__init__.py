"""A workbench for political scenarios.

>>> import foedus
>>> sorted(foedus.__all__)
['CaseError', 'load', 'stability']
"""

from foedus.analysis.stability.solve import stability
from foedus.case.problems import CaseError
from foedus.loading import load

__all__ = ["CaseError", "load", "stability"]
