"""What the responsibility table says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.tracking.people.record import Cause, Fit, Post

FIT_WORDS: Mapping[Fit, Words] = {
    "project": Words("专长即本环节或本项目", "expertise in its link or in itself"),
    "name": Words("名称中有其专长", "expertise in a word of its name"),
    "chain": Words("专长即本产业链", "expertise in its chain"),
    "served": Words("负责本产业链", "serves its chain"),
    "any": Words("负责各产业链", "serves every chain"),
}
CAUSES: Mapping[Cause, Words] = {
    "nobody": Words(
        "people 表中没有可以负责项目的人（容量为空或 0）", "nobody in the table people may own projects (capacity blank or 0)"
    ),
    "chain": Words("可以负责项目的人中没有人负责这条产业链", "nobody who may own projects serves its chain"),
    "place": Words("负责这条产业链的人都不管这个园区", "nobody who serves its chain serves its park"),
    "full": Words("可以负责的人都已满", "all who may own it are full"),
    "unknown": Words("people 表中没有此人，或其不负责项目", "not in the table people, or owns no projects"),
}
VACANT = Words("空缺", "vacant")


def post_words(post: Post) -> Words:
    """``市 链长 张三``."""
    text = " ".join(part for part in (post.level, post.role, post.person) if part)
    return Words(text, text)
