"""What no file of the application may do, whoever wrote it."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.house.tree import PACKAGES, ROOT, nodes, parsed, python_files, source, texts

MOST_LINES = 400
APPLICATION = (*PACKAGES, "resources")
FORBIDDEN_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "os.path", "yaml", "telnetlib", "xml.sax"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "tempfile.mktemp"}
FORBIDDEN_KEYWORDS = {"shell": True, "verify": False, "allow_pickle": True}
# Words that this file, which forbids them, has to spell out.
OWN = "tests/house/test_code_rules.py"
SILENCING = re.compile(r"#\s*(type:\s*ignore|noqa|pragma:\s*no\s*cover|pylint:|mypy:|fmt:\s*off)")
ALLOWED_SILENCE = {
    # Importing the module is what registers the GPU mapper; nothing of it is named.
    ("viewers/scene/volume_rendering.py", "# noqa: F401  registers the GPU mapper"),
}
LEFT_OVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
CATCH_ALL = {"Exception", "BaseException"}
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(work|home|root|Users|mnt|opt/venv)/\w")
REGISTRY = re.compile(r"pypi\.org|pythonhosted|npmjs\.(org|com)|crates\.io|deb\.debian|proxy\.golang|conda\.anaconda")
PLAIN_HELPERS = "workstation/shell/labels.py"
QT_ROOMS = ("workstation/shell/", "workstation/app/", "workstation/runtime/", "viewers/qt/")
MARKUP_WIDGETS = {"QLabel", "QMessageBox", "QErrorMessage", "QTextBrowser"}
MARKUP_CALLS = {"setHtml", "insertHtml", "appendHtml", "setMarkdown", "insertMarkdown", "setWhatsThis"}
TOOLTIP_CALLS = {"setToolTip", "setStatusTip"}
ESCAPED = "as_tooltip"


def dotted(node: ast.expr) -> str:
    """The name that an expression spells, such as ``os.path.join``; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def modules_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_forbidden(node: ast.AST) -> bool:
    return any(name in FORBIDDEN_MODULES or name.split(".")[0] in FORBIDDEN_MODULES for name in modules_of(node))


def calls_forbidden(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    wrong = {word.arg for word in node.keywords if isinstance(word.value, ast.Constant) and word.arg}
    keywords = {word.arg: word.value for word in node.keywords if word.arg in wrong}
    switched = any(
        isinstance(value := keywords.get(name), ast.Constant) and value.value is bad
        for name, bad in FORBIDDEN_KEYWORDS.items()
    )
    return switched or dotted(node.func) in FORBIDDEN_CALLS


def assigns_verify_false(node: ast.AST) -> bool:
    """``session.verify = False`` does the same as the keyword."""
    return (
        isinstance(node, ast.Assign)
        and any(dotted(target).endswith(".verify") for target in node.targets)
        and isinstance(node.value, ast.Constant)
        and node.value.value is False
    )


def catches_and_is_silent(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    if node.type is None:
        return True
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    silent = all(isinstance(one, ast.Pass | ast.Continue) or _is_remark(one) for one in node.body)
    return silent and any(dotted(one) in CATCH_ALL for one in caught)


def _is_remark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@pytest.mark.parametrize("rule", [imports_forbidden, calls_forbidden, assigns_verify_false, catches_and_is_silent])
def test_no_file_breaks_a_rule(rule: Callable[[ast.AST], bool]) -> None:
    found = [f"{name}:{getattr(node, 'lineno', 0)}" for name in python_files() for node in nodes(name) if rule(node)]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (imports_forbidden, "from os import path"),
        (imports_forbidden, "import pickle"),
        (calls_forbidden, "eval('1')"),
        (calls_forbidden, "run('ls', shell=True)"),
        (calls_forbidden, "requests.get(url, verify=False)"),
        (assigns_verify_false, "session.verify = False"),
        (catches_and_is_silent, "try:\n    go()\nexcept:\n    stop()"),
        (catches_and_is_silent, "try:\n    go()\nexcept (OSError, Exception):\n    pass"),
    ],
)
def test_a_planted_fault_is_seen(rule: Callable[[ast.AST], bool], fault: str) -> None:
    assert any(rule(node) for node in ast.walk(ast.parse(fault)))


def test_no_checker_is_silenced_without_a_reason_written_here() -> None:
    found = {
        (name, line[line.index("#") :].strip() if line.count("#") == 1 else line.strip())
        for name in python_files()
        if name != OWN
        for line in source(name).splitlines()
        if SILENCING.search(line)
    }
    assert found - ALLOWED_SILENCE == set()
    assert ALLOWED_SILENCE - found == set(), "no longer needed"


def test_nothing_is_left_to_do_in_a_remark() -> None:
    found = [
        f"{name}:{number}"
        for name, text in texts()
        if name != OWN and not name.endswith(".lock") and name.split("/")[-1] != "LICENSE"
        for number, line in enumerate(text.splitlines(), 1)
        if LEFT_OVER.search(line)
    ]
    assert found == []


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    assert [name for name in python_files() if len(source(name).splitlines()) > MOST_LINES] == []


def test_no_module_is_a_drawer_for_everything() -> None:
    vague = {"utils", "util", "helpers", "helper", "misc", "common", "tools_misc"}
    assert [name for name in python_files() if vague & set(name.removesuffix(".py").split("/"))] == []


def test_every_module_of_the_application_says_what_it_knows() -> None:
    assert [name for name in python_files(*APPLICATION) if not ast.get_docstring(parsed(name))] == []


def test_every_test_folder_is_a_package() -> None:
    folders = {(ROOT / name).parent for name in python_files("tests")}
    assert [folder.relative_to(ROOT).as_posix() for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_no_path_of_one_machine_is_in_the_tree() -> None:
    assert [name for name, text in texts() if name != OWN and MACHINE_PATH.search(text)] == []


def test_no_package_registry_is_named_in_the_tree() -> None:
    assert [name for name, text in texts() if name != OWN and REGISTRY.search(text)] == []


def shown_as_markup(name: str) -> Iterator[str]:
    """Places where Qt would guess whether a text is markup, or is told that it is."""
    for node in nodes(name):
        if isinstance(node, ast.Attribute) and node.attr in ("RichText", "AutoText", "MarkdownText"):
            yield f"{name}:{node.lineno}: {node.attr}"
        if not isinstance(node, ast.Call):
            continue
        called = dotted(node.func)
        last = called.rsplit(".", 1)[-1]
        if (last in MARKUP_WIDGETS or called.split(".")[0] in MARKUP_WIDGETS) and name != PLAIN_HELPERS:
            yield f"{name}:{node.lineno}: {called}"
        if last in MARKUP_CALLS:
            yield f"{name}:{node.lineno}: {last}"
        if last in TOOLTIP_CALLS and not harmless(node.args[-1]):
            yield f"{name}:{node.lineno}: {last} of a text that may be markup"


def harmless(node: ast.expr) -> bool:
    """Whether a tooltip is escaped, written out here, or made of words of ours and nothing else."""
    if isinstance(node, ast.Constant):
        return True
    if not isinstance(node, ast.Call):
        return False
    last = dotted(node.func).rsplit(".", 1)[-1]
    return last == ESCAPED or (last == "text" and not node.keywords and any(map(is_key, node.args)))


def is_key(node: ast.expr) -> bool:
    """Whether an argument is the key of a translation; the text of a widget or an item is somebody's."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_text_is_taken_for_markup() -> None:
    found = [place for name in python_files(*PACKAGES) if name.startswith(QT_ROOMS) for place in shown_as_markup(name)]
    assert found == []


def test_a_model_gives_tooltips_only_escaped() -> None:
    """Qt shows a tooltip that begins like HTML as HTML; the question of a request is a stranger's text."""
    bare = [
        name for name in python_files(*PACKAGES) if "ToolTipRole" in source(name) and f"{ESCAPED}(" not in source(name)
    ]
    assert bare == []
