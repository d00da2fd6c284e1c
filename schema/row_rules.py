"""The rules between columns: which cells of a row do not go together, and what would make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schema.cell_check import fallback, setting
from schema.columns import Column, Columns, Value
from schema.problems import Fix, Problem
from schema.values import validator, value_of
from schema.wording import listed, quoted

Values = Mapping[str, Value]
_Key = tuple[Value | None, ...]


class RowRules:
    """All rules of a schema, each with a memo of the values it looks at."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._rules = tuple(_Rule(spec, columns) for spec in columns.rules)

    def problems(self, values: Values) -> list[Problem]:
        """What a row breaks. `values` are the effective ones, with defaults; faulty cells are left out."""
        return [self._problem(rule, name, values) for rule in self._rules for name in rule.broken(values)]

    def _problem(self, rule: _Rule, name: str, values: Values) -> Problem:
        """One broken rule: what does not go together here, and every single change that mends it."""
        column = self._columns[name]
        here = [fix for fix in fallback(column) if self._mends(values, rule, fix)]
        there = [
            fix
            for other in rule.conditions
            for choice in other.choices
            if self._mends(values, rule, fix := setting(other, choice, f"Set {other.name} {choice}"))
        ]
        sentence = rule.sentence(column, values, there)
        value, first = str(values.get(name, "")), here[0].value if here else None
        return Problem(None, name, value, "error", "not-for-this-model", sentence, first, (*here, *there))

    def _mends(self, values: Values, rule: _Rule, fix: Fix) -> bool:
        """Whether a change keeps this rule and breaks no other that was kept."""
        assert fix.column is not None
        changed = dict(values)
        value = value_of(self._columns[fix.column], fix.value) if fix.value else None
        if value is None:
            changed.pop(fix.column, None)
        else:
            changed[fix.column] = value
        return not rule.broken(changed) and all(
            rest.broken(values) or not rest.broken(changed) for rest in self._rules
        )


class _Rule:
    """One entry of the schema's allOf: when `if` holds for a row, `then` must hold too."""

    def __init__(self, spec: Mapping[str, Any], columns: Columns) -> None:
        condition = spec.get("if", {})
        self._demand = demand(spec)
        self._title = str(spec["title"])
        self._if, self._then = validator(condition), validator(self._demand)
        self.conditions = tuple(columns[name] for name in dict.fromkeys(_names(condition)) if name in columns)
        self._asked = tuple(column.name for column in self.conditions)
        self._bound = tuple(name for name in bound(spec) if name in columns)
        self._holds: dict[_Key, bool] = {}
        self._broken: dict[_Key, tuple[str, ...]] = {}

    def broken(self, values: Values) -> tuple[str, ...]:
        """The columns whose cells break the rule; empty where it is kept or does not apply."""
        key = tuple(map(values.get, self._asked))
        holds = self._holds.get(key)
        if holds is None:
            holds = self._holds[key] = self._if.is_valid(values)
        if not holds:
            return ()
        key = tuple(map(values.get, self._bound))
        broken = self._broken.get(key)
        if broken is None:
            broken = self._broken[key] = tuple(dict.fromkeys(self._culprits(values)))
        return broken

    def _culprits(self, values: Values) -> Iterator[str]:
        for error in self._then.iter_errors(values):
            if error.path:
                yield str(error.path[0])
            elif error.validator == "required":
                yield from (name for name in error.validator_value if name not in values)
            else:
                yield self._bound[0]

    def sentence(self, column: Column, values: Values, mends: list[Fix]) -> str:
        """“anime” does not exist in model 3.0. It does in 2.0 … Other demands are told by their title."""
        if "enum" in self._demand.get("properties", {}).get(column.name, {}) and len(self.conditions) == 1:
            (condition,) = self.conditions
            elsewhere = [str(fix.value) for fix in mends]
            hint = f" It does in {listed(elsewhere)}." if elsewhere else ""
            where = f"{condition.title.lower()} {values.get(condition.name)}"
            return f"{quoted(str(values[column.name]))} does not exist in {where}.{hint}"
        here = [f"{name} is {values[name]}" for name in self._asked if name in values]
        return f"{self._title} Here {listed(here)}." if here else self._title


def demand(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a rule asks of a row to which it applies."""
    found: Mapping[str, Any] = rule["then"] if "if" in rule else rule
    return found


def bound(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the columns that a rule restricts."""
    return tuple(dict.fromkeys(_names(demand(rule))))


def _names(spec: object) -> Iterator[str]:
    """Every column that a part of the schema speaks of."""
    if isinstance(spec, dict):
        yield from spec.get("properties", ())
        yield from spec.get("required", ())
        for part in spec.values():
            yield from _names(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from _names(part)
