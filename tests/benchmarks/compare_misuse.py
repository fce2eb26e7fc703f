"""The same seven kinds of misuse in six query builders: the error, or the query it builds.

`python -m tests.benchmarks.compare_misuse` prints the middle of docs/explanation/misuse.md. The
libraries that are not dependencies of the project are installed into a temporary folder, or into
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
MISUSE: Final = {
    "and": 'score < 20 and source == "Web"',
    "or": "score == 1 or score == 5",
    "not": "not score < 20",
    "a chain": "5 < score < 20",
    "in": "score in [1, 5]",
    "is None": "source is None",
    "missing brackets": 'score < 20 & source == "Web"',
}


class Library(NamedTuple):
    """How to declare two columns with a library, and to print a query."""

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


def output_of(python: Path, library: Library, expression: str) -> str:
    """The error of a library for an expression, or the query that it builds."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "report.py")
        setup = library.setup.replace("{{", "{").replace("}}", "}")
        file.write_text(f"{setup}\n{library.show.format(expression)}\n", "utf-8")
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
    """The Python of an environment with the libraries."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *OTHERS], check=True)
    return python


def main() -> None:
    """Print the output of each library for each expression."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, help="where the libraries are, or are put")
    with TemporaryDirectory() as folder:
        others = python_of(parser.parse_args().tools or Path(folder))
        pythons = {
            name: Path(sys.executable) if name == "leadquery" else others for name in LIBRARIES
        }
        named = [f"{name} {version(pythons[name], one)}" for name, one in LIBRARIES.items()]
        print(f"Python {sys.version_info[0]}.{sys.version_info[1]}, {', '.join(named)}.")
        printed: set[str] = set()
        for title, expression in MISUSE.items():
            print(f"\n### {title}: `{expression}`\n\n```")
            for name, library in LIBRARIES.items():
                text = output_of(pythons[name], library, expression)
                # A long text is printed in full once.
                first, *rest = text.split("\n")
                summary = f"{first} ..." if rest and text in printed else text
                printed.add(text)
                print(f"{name}: {summary}")
            print("```")


if __name__ == "__main__":
    main()
