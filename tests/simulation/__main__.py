"""Prints how well simulated players keep up: `python -m tests.simulation [--set NAME=VALUE ...]`.

Every scene with the browser's tuning, or with some of its constants replaced; with `--network`
the clock over every simulated path; with `--sweep` what each constant is worth. Times are
simulated: an hour takes 3 to 6 s of one processor, with `--compiled` a quarter to half of that.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence

from server.core.tuning import BROWSER
from tests.simulation import compiled, network, scenes, sweep

_CLOCK_SETTLES_S = 30.0
_CLOCK_WATCHED_S = 300.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("--players", type=int, default=100, help="of each scene (default: 100)")
    parser.add_argument("--scene", choices=list(scenes.SCENES), help="one scene (default: all)")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="a constant")
    parser.add_argument("--network", action="store_true", help="the clock, not the player")
    parser.add_argument("--sweep", action="store_true", help="all constants, halved and doubled")
    parser.add_argument("--compiled", action="store_true", help="quicker, after half a minute")
    options = parser.parse_args(arguments)
    if options.compiled:
        given = sys.argv[1:] if arguments is None else arguments
        try:
            sys.exit(compiled.run([each for each in given if each != "--compiled"]))
        except compiled.NoCompiler as error:
            sys.exit(str(error))
    if options.sweep:
        table = sweep.tables(options.players)
    elif options.network:
        table = _clock_table(max(1, options.players // 10))
    else:
        changes = {
            name: float(value) for name, value in (change.split("=") for change in options.set)
        }
        chosen = [options.scene] if options.scene else list(scenes.SCENES)
        table = _player_table(chosen, changes, options.players)
    for line in table:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _player_table(
    names: Sequence[str], changes: Mapping[str, float], players: int
) -> Iterator[str]:
    yield "errors in ms: p50, p95, p99; seconds until they stay within 33 ms: p50, p95"
    for name in names:
        score = scenes.play_on_all_processors(name, BROWSER, players, changes)
        minutes = score.watched_s / 60
        near = " ".join(
            f"{scenes.percentile(score.within_s, percent):5.2f}" for percent in (50, 95)
        )
        yield (
            f"{name:6} media {_trio(score.media_ms)}  frames {_trio(score.frames_ms)}  near {near}"
            f"  writes/min {score.writes / minutes:5.2f}  seeks {score.seeks}"
            f"  ({minutes / 60:.1f} h)"
        )


def _clock_table(runs: int) -> Iterator[str]:
    yield "error of the clock in ms, after half a minute: p50, p95, p99"
    for name, path in network.PATHS.items():
        errors_ms: list[float] = []
        for seed in range(runs):
            errors_s = list(network.errors_s(path, seed, seconds=_CLOCK_WATCHED_S))
            settled = round(len(errors_s) * _CLOCK_SETTLES_S / _CLOCK_WATCHED_S)
            errors_ms += [abs(error_s) * 1000 for error_s in errors_s[settled:]]
        yield f"{name:32} {_trio(errors_ms, digits=2)}"


def _trio(values: Sequence[float], digits: int = 1) -> str:
    return " ".join(f"{scenes.percentile(values, percent):5.{digits}f}" for percent in (50, 95, 99))


if __name__ == "__main__":
    main()
