"""CSV files: what is understood, and errors that name file, row and column."""

from __future__ import annotations

import csv
import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DataError, FileLimits, read_csv
from app.datasets.dataset import DataSet

NUMBERS = st.floats(-1e300, 1e300) | st.integers(-(10**6), 10**6).map(float)
WORDS = st.text(st.characters(exclude_categories=("C", "Z", "Nd", "Nl", "No")), min_size=1, max_size=12).filter(
    lambda word: word.lower().lstrip("+-") not in ("nan", "inf", "infinity") and "\ufeff" not in word
)


def raw_inputs(data: DataSet) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The inputs before they were prepared, as the preprocessing says."""
    how = data.preprocessing["inputs"]
    return np.asarray(data.inputs * how["scale"] + how["shift"])


def refusal(text: str | bytes, **arguments: object) -> DataError:
    """What is said of a file that is wrong."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(DataError) as caught:
        read_csv("my.csv", content, **arguments)  # type: ignore[arg-type]
    assert str(caught.value).startswith("my.csv")
    assert str(caught.value).endswith((".", "”."))
    assert caught.value.file == "my.csv"
    return caught.value


def test_words_in_the_last_column_are_classes() -> None:
    data = read_csv("my.csv", b"length,width,kind\n1,2,rose\n3,4,tulip\n5,6,rose\n")
    assert data.kind == "classification"
    assert data.classes == ("rose", "tulip")
    assert data.values.tolist() == [0, 1, 0]
    assert data.feature_names == ("length", "width")
    assert data.title == "my.csv"


def test_numbers_in_the_last_column_are_a_regression() -> None:
    data = read_csv("my.csv", b"a,b\n1,2.5\n3,1e3\n")
    assert (data.kind, data.classes, data.values.shape) == ("regression", None, (2, 1))


def test_a_target_of_few_whole_numbers_stays_a_regression_and_says_so() -> None:
    data = read_csv("my.csv", b"a,digit\n1,0\n3,7\n2,7\n")
    assert data.kind == "regression"
    assert "“digit” holds numbers, so this is a regression. For classes write words, such as “class 0”" in (
        data.description
    )


def test_the_target_can_be_any_column() -> None:
    data = read_csv("my.csv", b"kind,a,b\nx,1,2\ny,3,4\n", target="kind")
    assert data.feature_names == ("a", "b")
    assert raw_inputs(data).tolist() == [[1, 2], [3, 4]]


@given(
    st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.tuples(st.lists(NUMBERS, min_size=columns, max_size=columns), WORDS), min_size=2, max_size=15
        )
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
def test_what_the_csv_module_writes_is_read_back(
    examples: list[tuple[list[float], str]], delimiter: str, line_end: str, encoding: str, quote_all: bool
) -> None:
    file = io.StringIO()
    dialect = csv.unix_dialect if quote_all else csv.excel  # the first quotes every cell
    writer = csv.writer(file, dialect, delimiter=delimiter, lineterminator=line_end)
    names = [f'input "{k}", no. {k}' for k in range(len(examples[0][0]))]
    writer.writerow([*names, "what"])
    writer.writerows([*map(repr, numbers), word] for numbers, word in examples)
    content = file.getvalue().encode(encoding)
    words = [word for _, word in examples]
    if len(set(words)) == 1:
        assert "of one class only" in str(refusal(content))
        return
    data = read_csv("my.csv", content)
    assert data.classes == tuple(sorted(set(words)))
    assert [data.classes[label] for label in data.values.astype(int)] == words
    assert data.feature_names == tuple(names)
    how = data.preprocessing["inputs"]
    expected = np.array([numbers for numbers, _ in examples])
    if how["method"] != "none":
        expected = (expected - np.array(how["shift"])) / np.array(how["scale"])
    assert data.inputs.tobytes() == expected.tobytes()
    assert np.isfinite(data.inputs).all()


def test_semicolons_go_with_decimal_commas_as_many_spreadsheets_write() -> None:
    data = read_csv("my.csv", b"a;b;kind\r\n1,5;-2,25e1;ja\r\n2;3;nein\r\n")
    assert raw_inputs(data).ravel() == pytest.approx([1.5, -22.5, 2, 3])


def test_quoted_line_ends_count_as_one_row_and_empty_lines_count() -> None:
    error = refusal('a,kind\n\n1,"two\nlines"\n   \nx,b\n')
    assert (error.row, error.column) == (5, "a")


def test_spaces_around_cells_do_not_matter() -> None:
    data = read_csv("my.csv", b" a , kind \n 1 , x \n 2 ,y\n")
    assert (data.feature_names, data.classes) == (("a",), ("x", "y"))


@pytest.mark.parametrize(
    ("text", "row", "column", "says"),
    [
        ("a,b,k\n1,2,x\n3,,y\n", 3, "b", "the cell is empty"),
        ("a,b,k\n1,2,x\n3,4,\n", 3, "k", "the cell is empty"),
        ("a,k\n1,5\n3,\n", 3, "k", "the cell is empty"),
        ("a,b,k\n1,2,x\n3,red,y\n", 3, "b", "“red” is not a number; inputs must be numbers"),
        ("a,b,k\n1,2,x\n3,1_0,y\n", 3, "b", "“1_0” is not a number"),
        ("a,b,k\n1,2,x\n3,NaN,y\n", 3, "b", "“NaN” is not a finite number"),
        ("a,b,k\n1,2,x\n-inf,4,y\n", 3, "a", "“-inf” is not a finite number"),
        ("a,b,k\n1,2,x\n1e999,4,y\n", 3, "a", "“1e999” is too large: numbers go up to 1e300"),
        ("a,b,k\n1,2,x\n1e301,4,y\n", 3, "a", "too large"),
        ("a,b,k\n1,2,x\n3,-1e301,y\n", 3, "b", "too large"),
        ("a,k\n1,2\n3,nan\n", 3, "k", "“nan” is not a finite number"),
        ("a,k\n1,2\n3,three\n", 3, "k", "“three” is not a number, and row 2 has “2”"),
        ("a,k\n1,two\n3,3\n", 3, "k", "“3” is a number, but row 2 has “two”"),
        ("a,b,k\n1,2,x\n3,4\n", 3, None, "there are 2 cells, and the header has 3"),
        ("a,b,k\n1,2,x\n3,4,y,5\n", 3, None, "there are 4 cells, and the header has 3"),
        ('a,k\n1,x\n3,"y\n', 3, None, "a quote is opened and never closed"),
        ('a,k\n1,x\n3,"y"z\n', 3, None, "expected after"),
        ("a,b,a\n1,2,3\n", 1, "a", "columns 1 and 3 have the same name"),
        ("a,,k\n1,2,x\n", 1, 2, "column 2 has no name"),
        ("1,2,3\n4,5,6\n", 1, None, "must name the columns"),
        ("a\n1\n2\n", 1, None, "there is only one column"),
        ("a,k\n", 1, None, "a header row and no examples"),
        ("\n \n", None, None, "is empty"),
        ("a,k\n1,x\n2,x\n", None, None, "examples of one class only, “x”"),
        ("a,k\n1,x\n", None, None, "only one example"),
        ("a,k\n1,x\n2,\0\n", 3, None, "zero byte"),
        (f"a,k\n1,x\n2,{'y' * 101}\n", 3, "k", "100 letters at most"),
        (f"{'a' * 101},k\n1,x\n", 1, "a" * 101, "longer than 100 letters"),
        (b"a,k\n1,x\n2,caf\xe9\n", 3, None, "byte 14 (0xE9) is not UTF-8 text"),
    ],
)
def test_a_wrong_place_is_named_by_row_and_column(
    text: str | bytes, row: int | None, column: str | int | None, says: str
) -> None:
    error = refusal(text)
    assert says in str(error)
    assert (error.row, error.column) == (row, column)
    if row is not None and "zero byte" not in says and "no examples" not in says:
        assert f"my.csv, row {row}" in str(error)


@pytest.mark.parametrize("target", ["a", "b", "c"])
def test_the_column_is_named_rightly_wherever_the_target_stands(target: str) -> None:
    for place, name in enumerate("abc"):
        cells = ["1", "2", "3"]
        cells[place] = "?"
        if name != target:
            error = refusal(f"a,b,c\n1,2,3\n{','.join(cells)}\n", target=target)
            assert (error.row, error.column) == (3, name)


def test_a_field_that_is_longer_than_any_cell_may_be_is_refused_with_its_row() -> None:
    error = refusal(f"a,k\n1,x\n2,{'y' * 200_000}\n")
    assert error.row == 3


def test_an_unknown_target_is_refused_with_the_columns_there_are() -> None:
    error = refusal("a,b\n1,2\n3,4\n", target="c")
    assert error.field == "target"
    assert "no column “c”" in str(error)
    assert "“a”, “b”" in str(error)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (FileLimits(rows=2), "my.csv has more than 2 examples, which is the limit"),
        (FileLimits(columns=2), "my.csv has 3 columns, and 2 is the limit"),
        (FileLimits(decompressed_bytes=40), "6 numbers, which take 4.8e-05 MB"),
    ],
)
def test_a_file_beyond_a_limit_is_refused_with_the_limit(limits: FileLimits, says: str) -> None:
    assert says in str(refusal("a,b,k\n1,2,x\n3,4,y\n5,6,x\n", limits=limits))


def test_a_thousand_classes_are_allowed_and_one_more_is_not() -> None:
    rows = [f"{number},word{number}\n" for number in range(1_001)]
    assert len(read_csv("my.csv", ("a,k\n" + "".join(rows[:-1])).encode()).classes or ()) == 1_000
    error = refusal("a,k\n" + "".join(rows))
    assert "1,001 different values" in str(error)
    assert error.column == "k"


def test_numbers_are_read_into_arrays_and_not_kept_as_text() -> None:
    text = ("a,b,c,d,k\n" + "1.25,-2.5,3.75,4.125,x\n5,6,7,8,y\n" * 10_000).encode()
    tracemalloc.start()
    read_csv("my.csv", text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * len(text)
