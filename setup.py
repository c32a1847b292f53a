"""The package as settings.ini describes it."""
import re
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

here = Path(__file__).parent
config = ConfigParser(delimiters=['='])
config.read(here / 'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']

# README.md's links are relative to the repository; on a package index they need its address.
readme = re.sub(r'(!?\[[^]]*\])\((?!\w+:|#)([^)]+)\)',
                lambda m: f'{m[1]}({cfg["git_url"]}/{"raw" if m[1].startswith("!") else "blob"}/{cfg["branch"]}/{m[2]})',
                (here / 'README.md').read_text(encoding='utf-8'))


class Build(build_py):
    "All modules but the one that only the documentation needs."

    def find_package_modules(self, package, package_dir):
        found = super().find_package_modules(package, package_dir)
        return [module for module in found if module[1] != '_showdoc']


setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    long_description=readme,
    long_description_content_type='text/markdown',
    author=cfg['author'],
    author_email=cfg['author_email'],
    url=cfg['git_url'],
    license='MIT',
    keywords=cfg['keywords'],
    classifiers=[
        'Development Status :: 3 - Alpha',
        f'Intended Audience :: {cfg["audience"]}',
        *(f'Programming Language :: Python :: 3.{minor}' for minor in range(10, 14)),
        'Topic :: Scientific/Engineering',
    ],
    packages=find_packages(include=[f'{cfg["lib_path"]}*']),
    package_data={cfg['lib_path']: ['networks/*', 'web/**/*']},
    python_requires=f'>={cfg["min_python"]}',
    install_requires=cfg['requirements'].split(),
    extras_require={k: cfg[f'{k}_requirements'].split()
                    for k in ('bench', 'cluster', 'dev', 'neurogym')},
    entry_points={
        'console_scripts': cfg['console_scripts'].split(),
        'nbdev': [f'{cfg["lib_path"]}={cfg["lib_path"]}._modidx:d'],
    },
    cmdclass={'build_py': Build},
    zip_safe=False,
)
