"""A command line that cannot be read, said in both languages: which of them the user reads, only a plan tells, and none is known yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, cast

import typer
from typer.core import TyperGroup

from planner.questions.commands import BAD_INPUT, leave

_REFUSED = cast(type[Exception], typer.BadParameter.__mro__[1])
"""What the library refuses any command line with; the package that has it is another one from version to version."""
_CHINESE = (
    (r"No such option:? '?([^\s'.]+)", "没有选项 {}"),
    (r"No such command '([^']*)'", "没有命令 {}"),
    (r"Missing (?:argument|option|parameter) '([^']*)'", "缺 {}"),
    (r"Option '([^']*)' requires", "选项 {} 后面要写值"),
    (r"Option '([^']*)' does not take", "选项 {} 后面不写值"),
    (r"unexpected extra arguments? \((.*)\)|unexpected extra argument\(s\) \((.*)\)", "多写了 {}"),
    (r"for '([^']*)'.*(?:valid number|valid float)", "{} 的值须是数"),
    (r"for '([^']*)'.*valid integer", "{} 的值须是整数"),
    (r"for '([^']*)'.*(?:greater than or equal to |x>=)(\S+?)\.?$", "{} 的值须不小于 {}"),
    (r"for '([^']*)'.*(?:less than or equal to |x<=)(\S+?)\.?$", "{} 的值须不大于 {}"),
    (r"for '([^']*)'.*is not one of (.+?)\.?$", "{} 的值须是 {} 之一"),
    (r"for '([^']*)'", "{} 的值不能用"),
)
"""What it says, and what that is in Chinese; the first that is found counts."""


class BilingualGroup(TyperGroup):
    """The commands of one program; a command line that cannot be read ends with 2 and is said in Chinese and English."""

    def make_context(self, *given: Any, **named: Any) -> Any:
        """As usual."""
        with _said():
            return super().make_context(*given, **named)

    def invoke(self, ctx: Any) -> Any:
        """As usual: here the options of the commands themselves are read."""
        with _said():
            return super().invoke(ctx)


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except _REFUSED as refused:
        if type(refused).__name__ == "NoArgsIsHelpError":
            raise
        raise leave(BAD_INPUT, _text(refused)) from None


def _text(refused: Any) -> str:
    """How the command is used, and what is wrong with what was written."""
    context, hint = refused.ctx, getattr(refused, "param_hint", None)
    asked = "" if context is None else f"{context.get_usage()}\n全部选项 / all options: {context.command_path} --help\n"
    if hint and refused.param is None:
        said = f"{hint}: {refused.message}"  # the project's own words, in both languages already
    else:
        said = refused.message if "No such option" in refused.message else refused.format_message()
        said = " / ".join(part for part in (_in_chinese(said), said) if part)
    return f"{asked}{said}{_near(refused)}"


def _in_chinese(said: str) -> str:
    """Empty where nothing is known to say what it says."""
    found = ((re.search(pattern, said, re.DOTALL), chinese) for pattern, chinese in _CHINESE)
    first = next(((match, chinese) for match, chinese in found if match), None)
    return "" if first is None else first[1].format(*(group for group in first[0].groups() if group is not None))


def _near(refused: Any) -> str:
    """The option that may have been meant, by its beginning or its letters."""
    given = getattr(refused, "option_name", "")
    if refused.ctx is None or not given.startswith("--") or "No such option" not in refused.message:
        return ""
    names = [name for option in refused.ctx.command.params for name in option.opts if name.startswith("--")]
    near = [name for name in names if name.startswith(given)] or get_close_matches(given, names, 1)
    return f"\n是不是 / did you mean: {'、'.join(near)}" if near else ""
