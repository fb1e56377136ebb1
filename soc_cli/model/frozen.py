"""Frozen dataclasses that cost nothing to define, for what every command imports.

`dataclasses` writes and compiles six methods for each class, and imports `inspect` for it: for the
classes that show one member that is a third of the whole command. A class under `frozen` is one to
type checkers (PEP 681) and to `dataclasses` itself, which is imported when it is first asked.
"""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


class _Made:
    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def made(*, default_factory: Callable[[], Any]) -> Any:
    """A default that is made anew for each instance."""
    return _Made(default_factory)


class _Fields:
    """`__dataclass_fields__` of a class, made when somebody asks for it."""

    def __get__(self, _instance: object, owner: type) -> Any:
        from dataclasses import MISSING, field, make_dataclass

        def told(name: str) -> Any:
            default = owner.__dict__.get(name, MISSING)
            if isinstance(default, _Made):
                return field(default_factory=default.factory)
            return field(default=default)

        named = [(name, kind, told(name)) for name, kind in owner.__annotations__.items()]
        found: Any = make_dataclass(owner.__name__, named, frozen=True)
        return found.__dataclass_fields__


@dataclass_transform(frozen_default=True, field_specifiers=(made,))
def frozen(cls: type[T]) -> type[T]:
    """The class as a frozen dataclass of its annotated attributes: created, compared, hashed, shown."""
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}

    def create(self: Any, *values: Any, **named: Any) -> None:
        held = self.__dict__
        held.update(zip(names, values, strict=False))
        for name in names[len(values) :]:
            if name in named:
                held[name] = named.pop(name)
            elif name in defaults:
                default = defaults[name]
                held[name] = default.factory() if isinstance(default, _Made) else default
            else:
                raise TypeError(f"{cls.__name__} without {name}")
        if named or len(values) > len(names):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}, each once")

    def refuse(_self: Any, name: str, *_value: Any) -> None:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot change {name!r} of {cls.__name__}")

    def values(self: Any) -> tuple[Any, ...]:
        return tuple(self.__dict__[name] for name in names)

    def equal(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is cls else NotImplemented

    def shown(self: Any) -> str:
        said = ", ".join(f"{name}={self.__dict__[name]!r}" for name in names)
        return f"{cls.__qualname__}({said})"

    own: Any = cls
    own.__init__, own.__setattr__, own.__delattr__ = create, refuse, refuse
    own.__eq__, own.__hash__ = equal, lambda self: hash(values(self))
    own.__dataclass_fields__ = _Fields()
    if "__repr__" not in cls.__dict__:
        own.__repr__ = shown
    return cls


def replace(one: T, /, **changed: Any) -> T:
    """A copy with some values changed; raises TypeError for what it does not have."""
    return one.__class__(**{**one.__dict__, **changed})
