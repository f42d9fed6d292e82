"""Uploads: zip bombs, odd names, damage and rubbish are refused; what an export holds comes through."""

import io
import zipfile

import pytest

from cinefile.errors import InputError, TooLargeError, UnknownFormatError
from cinefile.web import uploads
from cinefile.web.uploads import save_export

RATINGS = b"Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Alien,1979,https://boxd.it/1,4.5\n"


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_an_export_comes_through(tmp_path):
    found = save_export(zipped({"ratings.csv": RATINGS, "comments.csv": b"x", "profile.csv": b"y"}), "export.zip", tmp_path)
    assert found == tmp_path
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"ratings.csv": RATINGS}


def test_a_csv_file_comes_through_whatever_it_is_called(tmp_path):
    found = save_export(RATINGS, "../../../etc/passwd.csv", tmp_path)
    assert found.parent == tmp_path
    assert found.read_bytes() == RATINGS


@pytest.mark.parametrize("name", ["../ratings.csv", "/tmp/ratings.csv", "deleted/ratings.csv", "..\\ratings.csv"])
def test_names_with_a_path_are_not_taken(tmp_path, name):
    with pytest.raises(InputError, match="No ratings"):
        save_export(zipped({name: RATINGS}), "x.zip", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path):
    with pytest.raises(TooLargeError, match="packed too tightly"):
        save_export(zipped({"ratings.csv": b"0" * 5_000_000}), "bomb.zip", tmp_path)


def test_a_zip_that_lies_about_its_size_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "UNPACKED_LIMIT", 1_000)
    with pytest.raises(TooLargeError, match="unpacks to more"):
        save_export(zipped({"ratings.csv": RATINGS * 10, "diary.csv": RATINGS * 10}, zipfile.ZIP_STORED), "x.zip", tmp_path)


def test_too_many_entries_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "ENTRY_LIMIT", 20)
    with pytest.raises(TooLargeError, match="at most 20"):
        save_export(zipped({f"{i}.csv": b"" for i in range(21)}), "x.zip", tmp_path)


def test_too_large_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "UPLOAD_LIMIT", 10)
    with pytest.raises(TooLargeError):
        save_export(RATINGS, "ratings.csv", tmp_path)


@pytest.mark.parametrize("data", [b"", b"  \n ", b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(256)) * 10])
def test_rubbish_is_refused(tmp_path, data):
    with pytest.raises(UnknownFormatError):
        save_export(data, "ratings.csv", tmp_path)


def test_damaged_zips_are_refused(tmp_path):
    whole = zipped({"ratings.csv": RATINGS * 50})
    for cut in (6, len(whole) // 2, len(whole) - 5):
        with pytest.raises(InputError, match="damaged"):
            save_export(whole[:cut], "x.zip", tmp_path)


def test_an_encrypted_zip_is_refused(tmp_path):
    data = bytearray(zipped({"ratings.csv": RATINGS}))
    data[6] |= 1  # the flag in the local header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    with pytest.raises(InputError, match="encrypted"):
        save_export(bytes(data), "x.zip", tmp_path)
