"""The page's colours, in one place for style sheet and pictures, by daylight and in the dark.

Good is a blue and bad a brick red, which stay apart in every common kind of colour blindness; each
tone has a sign as well (`foedus.render.text.mark`). Pictures are drawn in the daylight colours, and
the style sheet replaces each of them by name, so that a picture follows the reader's setting.
"""

from __future__ import annotations

from typing import NamedTuple

from foedus.document import Tone


class Colour(NamedTuple):
    """A named colour: its value by daylight and in the dark."""

    name: str
    light: str
    dark: str


PALETTE: tuple[Colour, ...] = (
    Colour("paper", "#fdfcf9", "#15191e"),
    Colour("panel", "#f5f3ee", "#1c2127"),
    Colour("ink", "#1c232b", "#e6e3dc"),
    Colour("quiet", "#58616b", "#a7afb8"),
    Colour("line", "#dcd8cf", "#343b43"),
    Colour("rule", "#8f8a80", "#6c747d"),
    Colour("link", "#1d4f73", "#8fc3e6"),
    Colour("target", "#e3edf5", "#21323f"),
    Colour("good", "#0e566d", "#86cbe0"),
    Colour("good-fill", "#d5e9f0", "#1a414f"),
    Colour("good-bar", "#93c4d4", "#2c6479"),
    Colour("good-on", "#0d4a5e", "#d3eef7"),
    Colour("bad", "#a23614", "#f39b80"),
    Colour("bad-fill", "#a83c18", "#c14f29"),
    Colour("bad-on", "#fffefd", "#fffffe"),
    Colour("bad-bar", "#eebfad", "#6d301b"),
    Colour("warn", "#765300", "#e3bd63"),
    Colour("warn-fill", "#f5e3b3", "#4d3d10"),
    Colour("warn-bar", "#e2c278", "#6d571c"),
    Colour("warn-on", "#573d00", "#f7e5b8"),
    Colour("muted", "#626a73", "#9aa3ad"),
    Colour("muted-fill", "#f1efe9", "#20262c"),
    Colour("muted-bar", "#d3d1cb", "#3b434b"),
    Colour("muted-on", "#646b74", "#98a1ab"),
    Colour("plain", "#46566a", "#a9b6c6"),
    Colour("plain-fill", "#e6e6e4", "#2b323a"),
    Colour("plain-bar", "#b4bcc6", "#4a5664"),
    Colour("plain-on", "#1d242c", "#e5e2db"),
)

_LIGHT = {colour.name: colour.light for colour in PALETTE}


def light(name: str) -> str:
    """The daylight value of a named colour; `KeyError` for a name the palette lacks."""
    return _LIGHT[name]


def fill(tone: Tone) -> str:
    """What a picture's cell of this tone is filled with."""
    return light(f"{tone}-fill")


def on(tone: Tone) -> str:
    """The colour of text in a picture's cell of this tone."""
    return light(f"{tone}-on")


def bar(tone: Tone) -> str:
    """What the bar of a range of this tone is filled with."""
    return light(f"{tone}-bar")


def stroke(tone: Tone) -> str:
    """The colour of text or a line of this tone on the page's own ground."""
    return light(tone)


def style() -> str:
    """The colours as custom properties, and the rules that let a picture's colours follow them."""
    day = "".join(f"--{c.name}:{c.light};" for c in PALETTE)
    night = "".join(f"--{c.name}:{c.dark};" for c in PALETTE)
    swaps = "".join(
        f'.picture [fill="{c.light}"]{{fill:var(--{c.name})}}'
        f'.picture [stroke="{c.light}"]{{stroke:var(--{c.name})}}'
        for c in PALETTE
    )
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}"
    return f":root{{{day}}}\n{dark}\n{swaps}"
