"""What is worked out when it is first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

_T = TypeVar("_T")


class lazily(Generic[_T]):  # noqa: N801  # a decorator
    """`functools.cached_property` without its lock, which takes longer than most of what is kept here.

    Two threads that ask at once may both work it out; that is harmless for a pure function.
    """

    def __init__(self, work: Callable[[Any], _T]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> _T: ...
    def __get__(self, instance: Any, owner: type) -> Self | _T:
        if instance is None:  # of the class itself, as `help` asks
            return self
        value = self._work(instance)
        instance.__dict__[self._name] = value
        return value
