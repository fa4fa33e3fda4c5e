"""What the papers on the challenge model leave open, each reading with its default and source."""

from __future__ import annotations

from foedus.bargaining.model import Option

CHALLENGE_OPTIONS = (
    Option(
        "voters",
        "all",
        ("all", "third-parties"),
        "Mesquita1985",
        "whether the two who contend cast votes for themselves",
    ),
    Option(
        "denominator",
        "pair",
        ("pair", "all-pairs"),
        "Mesquita1997",
        "over the votes on the pair at hand, P and 1 - P; over all pairs, chances far below 1",
    ),
    Option(
        "votes",
        "distances",
        ("distances", "utilities"),
        "Mesquita1985",
        "whether a vote grows with the difference of distances, or of those by the voter's risk",
    ),
    Option(
        "risk",
        "own-positions",
        ("off", "own-positions", "over-actors"),
        "Mesquita1985",
        "whether danger bends utilities, compared with that at other positions or of other actors",
    ),
    Option(
        "Q",
        1.0,
        (0.0, 1.0),
        "Mesquita1997",
        "how sure it is that who is left alone stays where it is",
    ),
    Option(
        "T",
        "by-median",
        ("by-median", "half"),
        "Mesquita1997",
        "whether who is left alone is seen to come nearer; counts with Q under 1 alone",
    ),
    Option(
        "offers",
        "all",
        ("all", "no-capitulation", "no-confrontation", "compromises"),
        "Mesquita1997",
        "which kinds of offers there are",
    ),
    Option(
        "order",
        "smallest-move",
        ("smallest-move", "largest-challenge", "kinds"),
        "Mesquita1997",
        "which offer is taken: the smallest move, that of the strongest challenger, or "
        "confrontations before compromises before capitulations",
    ),
    Option(
        "compromise-choice",
        "smallest-move",
        ("smallest-move", "smallest-position"),
        "Scholz2011",
        "which compromise is taken with order: kinds; with that of the smallest weighted position "
        "a scale and its mirror image are not settled alike",
    ),
    Option(
        "compromise-move",
        "ratio",
        ("ratio", "whole"),
        "Mesquita1997",
        "whether a compromise goes by the ratio of expected utilities, or all the way",
    ),
    Option(
        "updating",
        "simultaneous",
        ("simultaneous", "sequential"),
        "Scholz2011",
        "whether all move at once, or one after the other in the order of the table, on which the "
        "answer then depends",
    ),
    Option(
        "ties",
        "between",
        ("between", "first"),
        "Scholz2011",
        "of offers alike, what lies between them, or that of the first in the order of the table",
    ),
    Option("rounds", 10.0, (0.0, 1000.0), "Scholz2011", "after so many rounds it ends"),
    Option(
        "least-move",
        0.001,
        (0.0, 1.0),
        "Mesquita1997",
        "it ends after a round in which nobody moves by more than this share of the scale",
    ),
    Option(
        "forecast",
        "mean",
        ("mean", "median"),
        "Scholz2011",
        "what is read off the last round; the median leaps from position to position",
    ),
    Option(
        "scale",
        "positions",
        ("positions", "issue"),
        "Scholz2011",
        "whether the range of the first positions has length 1, or the scale of the issue",
    ),
)
