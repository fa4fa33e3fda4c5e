"""Forms of a page, as a browser has them: what is in their fields, and sent back."""

from __future__ import annotations

from html.parser import HTMLParser

from served import Answer, Served

IN_PLACE = {"hx-request": "true"}


class Forms(HTMLParser):
    """The forms of a page, each with where it goes and its fields in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.area: str | None = None
        self.typed: list[str] = []
        self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if not self.forms or (tag != "option" and "name" not in given):
            return
        fields = self.forms[-1][1]
        if tag == "input":
            fields[given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self.area, self.typed = given["name"], []
        elif tag == "select":
            self.select = given["name"]
            fields[self.select] = ""
        elif tag == "option" and "selected" in given:
            fields[self.select] = given["value"]

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.typed.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            # The line break right after the tag is none of the text.
            self.forms[-1][1][self.area] = "".join(self.typed).removeprefix("\n")
            self.area = None


def form_of(text: str, action: str, **having: str) -> dict[str, str]:
    """The first form of a page that goes there and has these fields; its fields."""
    for where, fields in Forms(text).forms:
        if where.endswith(action) and having.items() <= fields.items():
            return fields
    raise AssertionError(f"no form {action} {having} in {text[:2000]}")


def version(served: Served, name: str) -> str:
    """The version of a case."""
    return served.get(f"/case/{name}/version").text


def entry(served: Served, name: str, part: str, **having: str) -> dict[str, str]:
    """The form of an entry, as its part shows it."""
    return form_of(served.get(f"/case/{name}/edit/{part}", IN_PLACE).text, "/entry", **having)


def send(served: Served, name: str, form: dict[str, str], do: str, **typed: str) -> Answer:
    """Type into some fields of an entry's form, and press one of its buttons."""
    fields = {**form, **{key.replace("__", "."): value for key, value in typed.items()}, "do": do}
    return served.post(f"/case/{name}/entry", list(fields.items()), IN_PLACE)


def save(served: Served, name: str, text: str, begun: str, tab: str = "tab") -> Answer:
    """Save the whole text of a case, as a page with the version ``begun`` does."""
    fields = [("version", begun), ("tab", tab), ("text", text)]
    return served.post(f"/case/{name}/text", fields, IN_PLACE)
