"""``foedus brief -o FILE``: a page, a Word file or a PDF by the file's name."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

import foedus.render
from foedus.cli.app import app
from foedus.cli.output import Output

TOWNS = str(Path(__file__).parent.parent / "cases" / "two-towns.yaml")


def brief(output: Path | str, case: str = TOWNS) -> Result:
    return CliRunner().invoke(app, ["brief", case, "--no-forecast", "-o", str(output)])


def test_the_ending_chooses_the_form(tmp_path: Path) -> None:
    title = "Two towns and a bridge"
    for name in ("b.html", "b.docx", "b.PDF"):
        result = brief(tmp_path / name)
        assert result.exit_code == 0, result.output
        assert f"written: {tmp_path / name}" in result.stderr
        assert result.stdout == ""
    assert f"<title>{title}</title>" in (tmp_path / "b.html").read_text(encoding="utf-8")
    word = docx.Document(str(tmp_path / "b.docx"))
    assert word.paragraphs[0].text == word.core_properties.title == title
    assert word.core_properties.created.date().isoformat() == "2019-12-20"
    reader = PdfReader(tmp_path / "b.PDF")
    assert reader.metadata is not None
    assert reader.metadata.title == title
    assert reader.metadata.creation_date.date().isoformat() == "2019-12-20"
    assert title in reader.pages[0].extract_text()


def test_standard_output_gets_the_page() -> None:
    result = brief("-")
    assert result.exit_code == 0
    assert result.stdout.startswith("<!doctype html>")


@pytest.mark.parametrize("name", ["b.odt", "b", "b.docx.txt", ".pdf", ""])
def test_another_ending_is_told_before_there_is_any_work(name: str, tmp_path: Path) -> None:
    result = brief(tmp_path / name if name else "", case="no-such-case.yaml")
    assert result.exit_code == 2
    assert "must end in .html, .docx or .pdf" in result.stderr
    assert "no-such-case" not in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["r.docx", "r.PDF"])
def test_a_report_is_no_page_under_the_name_of_something_else(name: str, tmp_path: Path) -> None:
    given = ["report", "no-such-case.yaml", "-o", str(tmp_path / name)]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 2
    assert result.stderr.startswith("--output: ")
    assert "`foedus brief` writes Word files and PDFs" in result.stderr
    assert "no-such-case" not in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("ending", "gone", "told"),
    [
        ("docx", "docx", "A Word file needs foedus[brief] (docx is missing)"),
        ("docx", "PIL", "A Word file needs foedus[brief] (PIL is missing)"),
        ("pdf", "reportlab.platypus", "A PDF needs foedus[brief] (reportlab.platypus is missing)"),
    ],
)
def test_a_missing_extra_is_told_before_there_is_any_work(
    ending: str, gone: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("docx", "pdf", "pdfpicture", "pngpicture"):
        monkeypatch.delitem(sys.modules, f"foedus.render.{name}", raising=False)
        monkeypatch.delattr(foedus.render, name, raising=False)
    monkeypatch.setitem(sys.modules, gone, None)
    result = brief(tmp_path / f"b.{ending}", case="no-such-case.yaml")
    assert result.exit_code == 2
    assert result.stderr.strip() == f"{told}: pip install 'foedus[brief]'"


def test_bytes_are_not_printed() -> None:
    out = Output("-", "--output", [], replace=True, as_json=False)
    with pytest.raises(TypeError):
        out.write(io.BytesIO(b"x").getvalue())
