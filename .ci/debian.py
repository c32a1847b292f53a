"""Install a program that is missing, as root on Debian: python .ci/debian.py PROGRAM. Its package has the same name."""
import os
import shutil
import subprocess
import sys


def find(program: str) -> str | None:
    "The program's path, after it was installed if need be; None where that cannot be done."
    if not shutil.which(program) and os.geteuid() == 0 and shutil.which('apt-get'):
        for command in (('update', '-q'), ('install', '-qy', '--no-install-recommends', program)):
            subprocess.run(('apt-get', *command), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return shutil.which(program)


if __name__ == '__main__': sys.exit(find(sys.argv[1]) is None)
