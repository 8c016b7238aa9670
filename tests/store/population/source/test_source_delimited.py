"""CSV: what is read, and what is refused with line and column."""

import csv
import gzip
import io
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.population.source import open_source

PEOPLE = [("Anna", "Graz, Styria", "18"), ("Björn", 'the "old" town', ""), ("Cleo", "two\nlines", "007")]


def _quoted(cell: str, delimiter: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if set(cell) & {delimiter, '"', "\n"} else cell


def _csv(delimiter: str = ",", newline: str = "\n", header: str = "name,home,code") -> str:
    rows = [delimiter.join(_quoted(cell, delimiter) for cell in row) for row in PEOPLE]
    return newline.join([header.replace(",", delimiter), *rows]) + newline


def _rows(*files: Path) -> list[tuple]:
    with open_source(files) as source:
        return source.connection.execute(
            f"SELECT name, home, code, source_row FROM {source.sql} ORDER BY source_row"
        ).fetchall()


EXPECTED = [(name, home, code or None, at) for at, (name, home, code) in enumerate(PEOPLE, 1)]


CELLS = st.text(alphabet="ab1 é,;'\"\n\\", max_size=6)
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(table=TABLES, newline=st.sampled_from(["\n", "\r\n"]), quoting=st.sampled_from([0, 1]))
def test_what_a_csv_writer_writes_is_read_back(written, table, newline: str, quoting) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline, quoting=quoting)
    writer.writerow(["name", "home", "code"])
    writer.writerows(table)
    written("people.csv", out.getvalue())
    assert [row[:3] for row in _rows(written("people.csv", out.getvalue()))] == [
        tuple(cell or None for cell in row) for row in table
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end_gives_the_same_rows(written, delimiter: str, newline: str) -> None:
    found = _rows(written("people.csv", _csv(delimiter, newline)))
    assert found == EXPECTED


def test_a_tsv_is_read_by_tabs_even_where_commas_are_even(written) -> None:
    path = written("people.tsv", "name\thome, with land\tcode\nAnna\tGraz, Styria\t1\n")
    with open_source([path]) as source:
        assert list(source.columns) == ["name", "home, with land", "code"]


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(_csv().encode()))
    assert _rows(path) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_any_of_the_usual_encodings_gives_the_same_rows(written, encoding: str) -> None:
    assert _rows(written("people.csv", _csv().encode(encoding))) == EXPECTED


def test_the_encoding_is_described(written) -> None:
    with open_source([written("people.csv", _csv().encode("cp1252"))]) as source:
        assert source.describe()[0]["encoding"] == "cp1252"


def test_mixed_line_ends_are_evened_out(written) -> None:
    path = written("people.csv", "name,home,code\r\nAnna,Graz,1\nBert,Wien,2\r\nCleo,Linz,3")
    assert [row[0] for row in _rows(path)] == ["Anna", "Bert", "Cleo"]


def test_backslashes_before_quotes_are_understood(written) -> None:
    path = written("people.csv", 'name,home\n"the \\"Zebedee\\", jr","Graz"\n"b","Wien"\n')
    with open_source([path]) as source:
        names = source.connection.execute(f"SELECT name FROM {source.sql}").fetchall()
    assert names == [('the "Zebedee", jr',), ("b",)]


def test_single_quotes_are_understood_where_the_header_has_them(written) -> None:
    path = written("people.csv", "'name','home'\n'Anna','Graz, Styria'\n")
    with open_source([path]) as source:
        assert source.connection.execute(f"SELECT home FROM {source.sql}").fetchall() == [("Graz, Styria",)]


def test_one_column_is_enough(written) -> None:
    with open_source([written("people.csv", "email\na@example.com\nb@example.com\n")]) as source:
        assert (source.rows, list(source.columns)) == (2, ["email"])


def test_nothing_is_coerced_and_types_are_told(written) -> None:
    path = written(
        "people.csv",
        "n,x,b,d,t,zip,s\n1,1.5,true,2024-01-31,2024-01-31 10:00:00,00501,a\n2,2,FALSE,,,12345,b\n",
    )
    with open_source([path]) as source:
        assert source.columns == {
            "n": "integer",
            "x": "decimal",
            "b": "boolean",
            "d": "date",
            "t": "timestamp",
            "zip": "text",
            "s": "text",
        }
        row = source.connection.execute(f"SELECT n, x, b, zip FROM {source.sql}").fetchone()
    assert row == ("1", "1.5", "true", "00501")


def test_names_of_files_and_columns_may_hold_anything(written) -> None:
    path = written("o'hara [1]*?.csv", 'the "name";it\'s; home \nAnna;1;2\n')
    with open_source([path]) as source:
        found = source.connection.execute(f"SELECT * FROM {source.sql}").fetchall()
        assert list(source.columns) == ['the "name"', "it's", "home"]
    assert found == [("Anna", "1", "2", 1, str(path))]


def test_an_empty_file_in_an_archive_is_refused(refusal, tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(b""))
    assert "empty" in refusal(path)


def test_a_cut_off_archive_is_refused(refusal, tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    noise = random.Random(1)
    text = "name,code\n" + "".join(f"Zebedee,{noise.random()}\n" for _ in range(5_000))
    path.write_bytes(gzip.compress(text.encode())[:-4_000])
    message = refusal(path)
    assert "cut off" in message
    assert "gzip -t" in message


@pytest.mark.parametrize("content", ["name,home\n", "name,home"])
def test_names_without_rows_are_refused(refusal, written, content: str) -> None:
    assert "no rows" in refusal(written("people.csv", content))


@pytest.mark.parametrize("content", ["\n\n", "\nname,home\nZebedee,Graz\n"])
def test_a_blank_first_line_is_refused(refusal, written, content: str) -> None:
    assert "blank" in refusal(written("people.csv", content))


@pytest.mark.parametrize("content", ["Zebedee@example.com\nb@example.com\n", "1,2.5,3\n4,5,6\n"])
def test_a_first_line_of_values_is_refused_without_showing_them(refusal, written, content: str) -> None:
    message = refusal(written("people.csv", content))
    assert "line 1" in message
    assert "values, not names" in message


def test_ragged_rows_are_told_by_the_lines_of_the_first_five(refusal, written) -> None:
    good, short, long = '"two\nlines",b,c\n', "Zebedee\n", "Zebedee,2,3,4,5\n"
    path = written("people.csv", "a,b,c\n" + good + short + "\n" + good + long + 10 * short)
    message = refusal(path)
    assert "the 3 columns that line 1 names" in message
    assert "line 4 has 1, line 8 has 5, line 9 has 1, line 10 has 1, line 11 has 1 " in message
    assert "line 12" not in message


def test_ragged_rows_late_in_a_packed_file_are_told_as_well(refusal, tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 200_000 + b"Zebedee,2,3\n" + b"1,2\n"))
    assert "line 200,002 has 3" in refusal(path)


def test_a_quote_that_is_not_closed_is_told_by_its_line(refusal, written) -> None:
    message = refusal(written("people.csv", 'a,b\n1,2\n3,"Zebedee\n4,5\n6,7\n'))
    assert 'line 3, column "b"' in message
    assert "not closed" in message


def test_text_after_a_closing_quote_is_refused(refusal, written) -> None:
    message = refusal(written("people.csv", 'a,b\n1,2\n3,"Zebedee" and more\n4,5\n'))
    assert 'line 3, column "b"' in message
    assert "text follows the closing one" in message


def test_names_that_repeat_in_any_case_are_refused_with_their_places(refusal, written) -> None:
    message = refusal(written("people.csv", "Age,name,age,AGE \n1,Zebedee,2,3\n"))
    assert '"Age" at columns 1, 3, 4' in message
    assert "line 1" in message


def test_columns_without_a_name_are_refused_with_their_places(refusal, written) -> None:
    assert "columns have no name: column 2, 4" in refusal(written("people.csv", "a,,c, \n1,Zebedee,3,4\n"))


def test_names_that_reading_adds_are_refused(refusal, written) -> None:
    assert "Source_Row is the name of a column that reading adds" in refusal(
        written("people.csv", "a,Source_Row\n1,Zebedee\n")
    )


def test_a_nul_byte_is_told_by_its_offset_and_line(refusal, written) -> None:
    message = refusal(written("people.csv", b"a,b\n1,2\n3,Zebedee\x00\n"))
    assert "Byte 17 is NUL" in message
    assert "line 3" in message


def test_bytes_of_no_encoding_are_told_by_their_offset(refusal, written) -> None:
    message = refusal(written("people.csv", b"a,b\n1,2\n3,Zebedee \x81\x8d\n"))
    assert "Byte 18 is not UTF-8" in message
    assert "line 3" in message
    assert "Save the whole file as UTF-8" in message


def test_a_file_glued_from_two_encodings_is_refused(refusal, written) -> None:
    content = "a,b\nZebedee,é\n".encode() + "Zebedee,é\n".encode("cp1252")
    assert "Byte 23 is not UTF-8" in refusal(written("people.csv", content))
    late = b"a,b\n1,\xe9\n" + b"1,2\n" * 400_000 + "1,é\n".encode()
    assert "Byte 6 is not UTF-8" in refusal(written("late.csv", late))


def test_a_character_on_the_border_of_two_chunks_is_read(written) -> None:
    fill = "x" * ((1 << 20) - len("name,home\n") - 1 - 60_000)
    rows = f"{'y' * 59_998},\n{fill},"  # the next character begins on the last byte of the first chunk
    with open_source([written("people.csv", f"name,home\n{rows[:-1]},é\n")]) as source:
        assert source.rows == 2


def test_a_utf_16_file_that_is_cut_off_is_refused(refusal, written) -> None:
    assert "is not UTF-16" in refusal(written("people.csv", "a,b\n1,Zebedee\n".encode("utf-16")[:-1]))


def test_a_header_that_never_ends_is_refused(refusal, written) -> None:
    assert "first line is longer than 4 MiB" in refusal(written("people.csv", "Zebedee" * (1 << 20)))


def test_too_wide_a_row_within_quotes_is_refused_with_its_place(refusal, written) -> None:
    cell = "Zebedee, " * (130_000)
    message = refusal(written("people.csv", f'a,b\n1,2\n3,"{cell}"\n'))
    assert 'line 3, column "b"' in message
    assert "1 MiB" in message


def test_a_quoted_cell_of_many_lines_is_refused_with_its_place(refusal, written) -> None:
    message = refusal(written("people.csv", 'a,b\n1,2\n3,"' + "Zebedee\n" * 800_000 + '"\n'))
    assert 'line 3, column "b"' in message
    assert "4 MiB" in message


def test_a_row_of_many_large_cells_is_refused(refusal, written) -> None:
    names = ",".join(f"c{at}" for at in range(6))
    cells = ",".join(['"' + "Zebedee\n" * 120_000 + '"'] * 6)
    message = refusal(written("people.csv", f"{names}\n{cells}\n"))
    assert "line 2" in message
    assert "4 MiB" in message
