"""The competition's submission file: probabilities of 24 genres for the rows of MIAD's dataTesting.zip.

    python -m benchmarks genres_submission

Columns are `ID` (the row's number in the file, as published) and `p_<genre>`, in the competition's order. It goes to
artefacts/miad-submission.csv.
"""

import csv
import io
import sys
import zipfile

from benchmarks import _results
from cinefile import load_tagger


def main(full: bool) -> None:
    """Write it; `full` changes nothing."""
    out = _results.FOLDER.parent.parent / "artefacts" / "miad-submission.csv"
    out.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(_results.data_folder() / "miad" / "dataTesting.zip") as archive:
        text = archive.read("dataTesting.csv").decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    tagger = load_tagger()
    p = tagger.predict_proba([r["plot"] for r in rows], [r["title"] for r in rows], [int(r["year"]) for r in rows])
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", *(f"p_{label}" for label in tagger.labels)])
        for row, values in zip(rows, p, strict=True):
            writer.writerow([row[""], *(f"{v:.6f}" for v in values)])
    sys.stdout.write(f"{len(rows)} rows: {out}\n")
