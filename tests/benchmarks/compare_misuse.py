"""The same seven slips in six query builders: what each says, or what it asks instead.

`python -m tests.benchmarks.compare_misuse` prints the middle of docs/explanation/misuse.md. What is
no dependency of the project is installed into a folder that is thrown away, or into
`--tools FOLDER`, which is kept.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent.parent
OTHERS: Final = ("sqlalchemy", "peewee", "pypika", "polars", "ibis-framework[duckdb]")
SLIPS: Final = {
    "and": 'score < 20 and source == "Web"',
    "or": "score == 1 or score == 5",
    "not": "not score < 20",
    "a chain": "5 < score < 20",
    "in": "score in [1, 5]",
    "is None": "source is None",
    "missing brackets": 'score < 20 & source == "Web"',
}


class Library(NamedTuple):
    """How a library names two columns, and shows the query that a condition makes."""

    package: str
    setup: str
    show: str


LIBRARIES: Final = {
    "SQLAlchemy": Library(
        "sqlalchemy",
        "from sqlalchemy import Column, Integer, MetaData, String, Table, select\n"
        "leads = Table('leads', MetaData(), Column('score', Integer), Column('source', String))\n"
        "score, source = leads.c.score, leads.c.source",
        "print(select(score).where({}).compile(compile_kwargs=dict(literal_binds=True)))",
    ),
    "peewee": Library(
        "peewee",
        "from peewee import CharField, IntegerField, Model, SqliteDatabase\n"
        "class Lead(Model):\n"
        "    score, source = IntegerField(), CharField()\n"
        "    class Meta: database = SqliteDatabase(':memory:')\n"
        "score, source = Lead.score, Lead.source",
        "print(*Lead.select(score).where({}).sql())",
    ),
    "PyPika": Library(
        "pypika",
        "from pypika import Query, Table\n"
        "leads = Table('leads')\n"
        "score, source = leads.score, leads.source",
        "print(Query.from_(leads).select(score).where({}))",
    ),
    "Polars": Library(
        "polars",
        "import polars\n"
        "leads = polars.LazyFrame({{'score': [1], 'source': ['Web']}})\n"
        "score, source = polars.col('score'), polars.col('source')",
        "print(leads.filter({}).explain(optimized=False))",
    ),
    "ibis": Library(
        "ibis-framework",
        "import ibis\n"
        "leads = ibis.table(dict(score='int', source='string'), name='leads')\n"
        "score, source = leads.score, leads.source",
        "print(ibis.to_sql(leads.filter({})))",
    ),
    "leadquery": Library(
        "leadquery",
        "import json\n"
        "from leadquery import Leads\n"
        "from leadquery.fields import Score as score, Source as source",
        "query = Leads.where({})\nprint(json.dumps(query.select('Phone').to_payload()))",
    ),
}


def said(python: Path, library: Library, slip: str) -> str:
    """What a library says of a slip, or shows of the query that it makes of it."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "report.py")
        setup = library.setup.replace("{{", "{").replace("}}", "}")
        file.write_text(f"{setup}\n{library.show.format(slip)}\n", "utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [str(python), "-W", "ignore", file.name]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        text = (done.stdout or done.stderr).replace(f"{folder}{os.sep}", "")
    if done.returncode:
        return re.split(r"\n(?=\w[\w.]*(?:Error|Exception))", text)[-1].strip()
    return " ".join(text.split())


def version(python: Path, library: Library) -> str:
    """The version of a library."""
    ask = f"from importlib.metadata import version; print(version({library.package!r}))"
    return subprocess.run(
        [python, "-c", ask], capture_output=True, text=True, check=True
    ).stdout.strip()


def python_of(folder: Path) -> Path:
    """The Python of an environment with the libraries in it."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *OTHERS], check=True)
    return python


def main() -> None:
    """Print what each library says of each slip."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, help="where the libraries are, or are put")
    with TemporaryDirectory() as folder:
        others = python_of(parser.parse_args().tools or Path(folder))
        pythons = {
            name: Path(sys.executable) if name == "leadquery" else others for name in LIBRARIES
        }
        named = [f"{name} {version(pythons[name], one)}" for name, one in LIBRARIES.items()]
        print(f"Python {sys.version_info[0]}.{sys.version_info[1]}, {', '.join(named)}.")
        told: set[str] = set()
        for title, slip in SLIPS.items():
            print(f"\n### {title}: `{slip}`\n\n```")
            for name, library in LIBRARIES.items():
                text = said(pythons[name], library, slip)
                # A long text is printed in full once.
                first, *rest = text.split("\n")
                shown = f"{first} ..." if rest and text in told else text
                told.add(text)
                print(f"{name}: {shown}")
            print("```")


if __name__ == "__main__":
    main()
