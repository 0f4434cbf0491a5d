"""`make` installs from the system what is missing, and says so plainly where it can't."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "system_packages.sh"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux systems")

# Puts on the PATH what apt-get is asked to install; writes down how it was called.
APT_GET = """#!/bin/bash
echo "apt-get $*" >>"$MACHINE/calls"
[[ $* == *update* ]] && touch "$MACHINE/lists"
[[ $* == *install* && -e $MACHINE/lists ]] || exit 0
declare -A commands=([curl]=curl [gcc]=gcc [nginx-light]=nginx [python3-dev]=python3-config)
for package in "$@"; do
    [[ -v commands[$package] ]] || continue
    install -m 755 /dev/null "$MACHINE/bin/${commands[$package]}"
done
"""
APT_CACHE = "#!/bin/bash\n[[ -e $MACHINE/lists ]]\n"
SUDO = '#!/bin/bash\necho "sudo" >>"$MACHINE/calls"\nexec "$@"\n'


class Machine:
    """A machine with a shell and little else on its PATH; at first there is no `curl`, no `gcc`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        for command in ("bash", "dirname", "env", "find", "grep", "install", "touch", "uname"):
            found = shutil.which(command)
            assert found is not None
            (self.bin / command).symlink_to(found)

    def add(self, command: str, script: str) -> None:
        path = self.bin / command
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)

    def user(self, number: int) -> None:
        self.add("id", f"#!/bin/bash\necho {number}\n")

    @property
    def calls(self) -> str:
        calls = self.folder / "calls"
        return calls.read_text(encoding="utf-8") if calls.exists() else ""

    def ask(self, group: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(SCRIPT), group],
            env={"PATH": str(self.bin), "HOME": str(self.folder), "MACHINE": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_where_all_is_there_nothing_happens_and_nothing_is_said() -> None:
    done = subprocess.run(
        [str(SCRIPT), "python", "window", "test"],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_root_gets_what_is_missing_with_fresh_lists(machine: Machine) -> None:
    machine.user(0)
    machine.add("apt-get", APT_GET)
    machine.add("apt-cache", APT_CACHE)
    done = machine.ask("bench")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "sudo" not in machine.calls
    update, install = machine.calls.splitlines()
    assert update.endswith("update")
    assert install.split()[-3:] == ["curl", "gcc", "python3-dev"]
    assert machine.ask("bench").stderr == ""


def test_others_get_it_by_sudo(machine: Machine) -> None:
    machine.user(1000)
    machine.add("apt-get", APT_GET)
    machine.add("apt-cache", APT_CACHE)
    machine.add("sudo", SUDO)
    assert machine.ask("bench").returncode == 0
    assert "sudo" in machine.calls


def test_without_root_or_sudo_the_command_to_run_is_told(machine: Machine) -> None:
    machine.user(1000)
    machine.add("apt-get", APT_GET)
    done = machine.ask("bench")
    assert done.returncode == 1
    assert "takes root or sudo" in done.stderr
    assert "apt-get install" in done.stderr
    assert machine.calls == ""


def test_another_system_is_told_what_to_install(machine: Machine) -> None:
    machine.user(0)
    done = machine.ask("bench")
    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    assert "curl" in done.stderr


def test_a_package_that_does_not_help_is_told(machine: Machine) -> None:
    machine.user(0)
    machine.add("apt-get", "#!/bin/bash\nexit 0\n")
    machine.add("apt-cache", "#!/bin/bash\nexit 0\n")
    done = machine.ask("bench")
    assert done.returncode == 1
    assert "still missing after the installation" in done.stderr
