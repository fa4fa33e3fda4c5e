"""A small republic in which the world acts: events, quotas, rights by state and day.

``^^`` marks places, as in `towns`.
"""

from towns import unmarked

from foedus.case.model import Case, Place
from foedus.case.reading import parse_case

WORLD = """\
foedus: 1
title: A republic without its founder
as_of: 2024-01-10
deadline: 2026-01-10
actors:
  founder: {name: The founder}
  council: {name: The council}
  left: {name: The Left}
  right: {name: The Right}
  people: {name: The people, kind: electorate}
issues:
  leader:
    positions: {founder: The founder, heir: An heir, colonel: A colonel, vacant: Nobody}
    decided_by: nobody
  union:
    positions: {none: No union, signed: A union, full: One state}
    final: full
    decided_by:
      signed:
        - {when: old-guard, until: 2025-03-01, by: founder and council}
        - {from: 2025-03-02, by: {at_least: 51, of: {left: 48, council: 12, right: 40}}}
      none: {at_least: 60.5, of: {left: 48, council: 12, right: 40}}
      default: council and people
  unrest:
    positions: {calm: Calm, strikes: Strikes}
    decided_by: nobody
    otherwise: {strikes: calm}
events:
  illness:
    name: The founder falls ill
    when: leader = founder
    sets: {leader: vacant}
    rate: {a_year: [0.05, 0.1, 0.2]}
    because: [hospital]
  coup:
    chance: {by: 2025-06-30, value: {value: unlikely, because: [rumour]}}
    one_of:
      - {share: [0.2, 0.4, 0.6], name: It succeeds, sets: {leader: colonel}}
      - {name: It fails, sets: {unrest: strikes}}
  election:
    day: 2025-11-02
    sets: {unrest: calm}
    one_of:
      - {share: 0.45, sets: {leader: heir}}
      - {share: 0.55}
  strike: {when: unrest = calm and union != full, day: 2025-05-01, sets: {unrest: strikes}}
arrangements: {old-guard: {when: leader in founder | heir}}
preferences:
  founder: {worth: {u: {when: union = none, value: 1}}}
  council: {worth: {u: {when: union = signed, value: 1}}}
  left: {worth: {u: {when: union = full, value: 1}}}
  right: {worth: {u: {when: union = none, value: 1}}}
  people: {support: [{default: 50}]}
evidence:
  hospital: {kind: report, claim: He was seen at a hospital}
  rumour: {kind: report, claim: Officers meet}
"""


def broken_world(*changes: tuple[str, str]) -> tuple[str, list[Place]]:
    """The republic with texts replaced, once each, and the marked places in the order of lines."""
    text = WORLD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return unmarked(text)


def world(*changes: tuple[str, str]) -> Case:
    """The republic with texts replaced, as a case."""
    return parse_case(broken_world(*changes)[0])
