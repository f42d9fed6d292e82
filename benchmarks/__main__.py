"""`python -m benchmarks [NAME …] [--full]`: run the benchmarks and write benchmarks/results/*.json.

A benchmark is a module beside this one with `main(full: bool) -> None`; the long ones run less without --full.
"""

import argparse
import importlib
import pkgutil
import sys

import benchmarks

NAMES = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("_"))


def main() -> int:
    """Run the named benchmarks, or all; the exit code counts the failed ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(NAMES)}")
    parser.add_argument("--full", action="store_true", help="run the long ones too")
    args = parser.parse_args()
    if unknown := set(args.names) - set(NAMES):
        parser.error(f"no benchmark named {', '.join(sorted(unknown))}")
    failed = []
    for name in args.names or NAMES:
        print(f"== {name}", file=sys.stderr, flush=True)
        try:
            importlib.import_module(f"benchmarks.{name}").main(args.full)
        except Exception as error:  # one broken benchmark must not hide the others' figures
            failed.append(name)
            print(f"{name} failed: {error!r}", file=sys.stderr)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
